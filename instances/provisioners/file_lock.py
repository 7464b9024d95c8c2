"""Locks of the kernel on files: they end with the process that holds them, however it ends."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_STEP_SECONDS = 0.01


class LockTimeout(Exception):
    """Somebody else held the lock until the deadline."""


def acquire(path: Path, *, timeout_seconds: float) -> int:
    """Lock the file, made where it is missing, and return the descriptor that holds the lock.

    Whoever inherits the descriptor holds the lock too, and keeps it when we are gone.
    """
    deadline = time.monotonic() + timeout_seconds
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if _locked(descriptor, fcntl.LOCK_EX) and _is_still_at(descriptor, path):
            return descriptor
        os.close(descriptor)
        if time.monotonic() >= deadline:
            raise LockTimeout(path.name)
        time.sleep(_STEP_SECONDS)


@contextmanager
def held(path: Path, *, timeout_seconds: float) -> Iterator[None]:
    """Hold the lock inside the block, and leave no file behind."""
    descriptor = acquire(path, timeout_seconds=timeout_seconds)
    try:
        yield
    finally:
        # Unlinked while held, so a waiter that opened this file sees that it is no longer there.
        with suppress(FileNotFoundError):
            path.unlink()
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Say whether somebody holds the lock exclusively; looking is not in others' way."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        return not _locked(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _locked(descriptor: int, mode: int) -> bool:
    try:
        fcntl.flock(descriptor, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still_at(descriptor: int, path: Path) -> bool:
    mine = os.fstat(descriptor)
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    return (mine.st_dev, mine.st_ino) == (there.st_dev, there.st_ino)
