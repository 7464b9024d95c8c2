"""A process's name says whether it still lives, to everybody on its host."""

import os
import subprocess
import sys

import pytest

from redisgate.lib.process_name import is_alive, name_of, own_name, own_place

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
    assert is_alive(name_of(process.pid)) is False


def test_reused_pid_is_told_apart() -> None:
    assert is_alive(f"{own_place()}:{os.getpid()}:1") is False


def test_nothing_is_known_of_a_container_that_shares_the_name_of_our_host() -> None:
    host, _, own_pids = own_place().rpartition("-")
    assert is_alive(f"{host}-{int(own_pids) + 1}:{os.getpid()}:1") is None
    assert is_alive(f"{host}:{os.getpid()}:1") is None


@pytest.mark.parametrize("name", ["", "nonsense", "a:b:c", "another-host:1:1"])
def test_nothing_is_known_of_strangers(name: str) -> None:
    assert is_alive(name) is None
