"""Processes that do the platform's work find each other."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from redisgate.lib import role_marks

MARK_AND_WAIT = """
import sys
from django.conf import settings
settings.configure(RUN_DIR=sys.argv[1])
from redisgate.lib import role_marks
role_marks.mark("worker")
print("marked", flush=True)
input()
"""


@pytest.fixture(autouse=True)
def run_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "RUN_DIR", tmp_path)


@contextmanager
def worker() -> Iterator[int]:
    with subprocess.Popen(
        [sys.executable, "-c", MARK_AND_WAIT, str(settings.RUN_DIR)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"marked\n"
        yield process.pid
        process.kill()


def test_nobody_has_marked_anything_at_first() -> None:
    assert role_marks.marked() == {}


def test_several_of_a_role_are_told_apart_and_who_comes_next_takes_a_free_name() -> None:
    role_marks.mark("web")
    with worker() as first:
        with worker() as second:
            both = {"web": os.getpid(), "worker": first, "worker-2": second}
            assert role_marks.marked() == both
        assert role_marks.marked() == {"web": os.getpid(), "worker": first}
        with worker() as third:
            assert role_marks.marked()["worker-2"] == third


def test_whoever_marks_itself_again_has_one_name() -> None:
    role_marks.mark("web")
    role_marks.mark("web")
    assert role_marks.marked() == {"web": os.getpid()}


def test_a_successor_takes_the_name_of_whom_it_relieves() -> None:
    with worker() as first, worker() as second:
        role_marks.mark("worker", instead_of=second)
        assert role_marks.marked() == {"worker": first, "worker-2": os.getpid()}


def test_hosts_that_are_gone_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with worker():
        (own,) = (tmp_path / "roles").iterdir()
        monkeypatch.setattr(socket, "gethostname", lambda: "another-pod")
        role_marks.mark("web")
        assert set((tmp_path / "roles").iterdir()) == {own, role_marks._folder()}
    role_marks.mark("web")
    assert set((tmp_path / "roles").iterdir()) == {role_marks._folder()}


def test_whoever_can_write_nothing_works_unseen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(settings, "RUN_DIR", tmp_path / "file")
    role_marks.mark("web")
    assert role_marks.marked() == {}
