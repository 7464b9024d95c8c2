"""A process's name says whether it still lives, to everybody on its host."""

import os
import socket
import subprocess
import sys

import pytest

from redisgate.lib.process_name import is_alive, own_name

SAY_NAME_AND_WAIT = (
    "from redisgate.lib.process_name import own_name; print(own_name(), flush=True); input()"
)


def test_living_process_is_alive() -> None:
    assert is_alive(own_name()) is True


def test_ended_process_is_not() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SAY_NAME_AND_WAIT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        name = process.stdout.readline().strip()
        assert is_alive(name) is True
        process.kill()
    assert is_alive(name) is False


def test_reused_pid_is_told_apart() -> None:
    assert is_alive(f"{socket.gethostname()}:{os.getpid()}:1") is False


@pytest.mark.parametrize("name", ["", "nonsense", "a:b:c", "another-host:1:1"])
def test_nothing_is_known_of_strangers(name: str) -> None:
    assert is_alive(name) is None
