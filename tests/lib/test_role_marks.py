"""Processes that do the platform's work find each other."""

import errno
import fcntl
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NoReturn

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


def test_a_process_is_marked_by_another_that_knows_it_better() -> None:
    with worker() as first, worker() as second:
        role_marks.mark("web", process=second)
        role_marks.mark("web", process=os.getpid(), instead_of=second)
        assert role_marks.marked() == {"web": os.getpid(), "worker": first, "worker-2": second}


def test_who_holds_the_folder_without_a_mark_keeps_it_from_being_cleared(tmp_path: Path) -> None:
    role_marks.hold()
    clear_from_another_pod()
    assert role_marks._folder().exists()
    assert role_marks.marked() == {}


def test_file_that_could_not_be_locked_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> NoReturn:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    before = open_beside_kept()
    role_marks.mark("web")
    assert open_beside_kept() == before
    assert role_marks.marked() == {}


def test_file_that_is_cleared_away_while_it_is_looked_for_is_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another pod may remove the file between any two looks at it."""
    really = Path.stat

    def late(self: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        found = really(self, follow_symlinks=follow_symlinks)
        if self.name == role_marks.OPEN:
            self.unlink()
        return found

    before = open_beside_kept()
    with monkeypatch.context() as patched:
        patched.setattr(Path, "stat", late)
        role_marks.hold()
    assert open_beside_kept() == before


def open_beside_kept() -> int:
    """Count the files that this process has open but for those that hold folders."""
    return len(os.listdir("/proc/self/fd")) - len(role_marks._kept_open)


def test_hosts_that_are_gone_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with worker():
        (own,) = (tmp_path / "roles").iterdir()
        monkeypatch.setattr(socket, "gethostname", lambda: "another-pod")
        role_marks.mark("web")
        assert set((tmp_path / "roles").iterdir()) == {own, role_marks._folder()}
    role_marks.mark("web")
    assert set((tmp_path / "roles").iterdir()) == {role_marks._folder()}


@contextmanager
def just_before_locking(how: int, act: Callable[[], object]) -> Iterator[None]:
    """Have another process act in the moment before the first lock of this kind."""
    really, acts = fcntl.flock, [act]

    def late(file: int | IO[str], operation: int) -> None:
        if operation == how and acts:
            acts.pop()()
        really(file, operation)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fcntl, "flock", late)
        yield


def clear_from_another_pod() -> None:
    with pytest.MonkeyPatch.context() as elsewhere:
        elsewhere.setattr(socket, "gethostname", lambda: "another-pod")
        role_marks._clear_abandoned()


def test_folder_that_others_clear_while_it_is_made_is_made_anew() -> None:
    with just_before_locking(fcntl.LOCK_SH, clear_from_another_pod):
        role_marks.mark("web")
    assert role_marks.marked() == {"web": os.getpid()}
    clear_from_another_pod()
    assert role_marks.marked() == {"web": os.getpid()}


def test_folder_that_was_made_anew_while_others_looked_is_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / "roles" / "their-pod"

    def make() -> None:
        shutil.rmtree(theirs, ignore_errors=True)
        theirs.mkdir(parents=True)
        (theirs / role_marks.OPEN).touch()

    make()
    with just_before_locking(fcntl.LOCK_EX | fcntl.LOCK_NB, make):
        role_marks._clear_abandoned()
    assert theirs.exists()
    role_marks._clear_abandoned()
    assert not theirs.exists()


def test_whoever_can_write_nothing_works_unseen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(settings, "RUN_DIR", tmp_path / "file")
    role_marks.mark("web")
    assert role_marks.marked() == {}
