"""A web master takes over from another one in the moment when its first worker stands ready."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from gunicorn.config import Config
from gunicorn.workers.base import Worker

from redisgate import succession
from redisgate.lib import role_marks
from redisgate.workers import ServerLog


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(0)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield listener


@pytest.fixture
def former(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator["subprocess.Popen[bytes]"]:
    monkeypatch.setattr(settings, "RUN_DIR", tmp_path)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        monkeypatch.setenv("GUNICORN_PID", str(process.pid))
        monkeypatch.setenv("GUNICORN_FD", "3")
        role_marks.mark(succession.WEB, process=process.pid)
        yield process
        process.kill()


@contextmanager
def worker(*, age: int) -> Iterator[Worker]:
    """Make a worker whose master is this process."""
    config = Config()
    made = Worker(age, os.getpid(), [], None, 1, config, ServerLog(config))
    yield made
    made.tmp.close()


def test_a_successor_without_a_worker_that_stands_ready_takes_nothing(
    systemd: socket.socket, former: "subprocess.Popen[bytes]"
) -> None:
    succession.mark()
    assert role_marks.marked() == {"web": former.pid}
    assert former.poll() is None
    with pytest.raises(BlockingIOError):
        systemd.recv(100)


def test_its_first_worker_has_everybody_look_at_the_successor_and_ends_the_former(
    systemd: socket.socket, former: "subprocess.Popen[bytes]"
) -> None:
    succession.mark()
    with worker(age=1) as first:
        succession.relieve_former(first)
    assert role_marks.marked() == {"web": os.getpid()}
    assert systemd.recv(100) == f"MAINPID={os.getpid()}".encode()
    assert former.wait(10) == -signal.SIGTERM


def test_its_other_workers_leave_the_former_alone(
    systemd: socket.socket, former: "subprocess.Popen[bytes]"
) -> None:
    with worker(age=2) as second:
        succession.relieve_former(second)
    assert role_marks.marked() == {"web": former.pid}
    with pytest.raises(BlockingIOError):
        systemd.recv(100)
