"""A file whose age says when a process was last at work, so that one that hangs is noticed."""

import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

HUNG_SECONDS = 25.0
"""Longer than a process waits for a locked database."""


def of(role: str) -> Path:
    """Give the file of a role's process on this host."""
    return Path(settings.RUN_DIR) / f"{role}.pulse"


def beat(path: Path) -> None:
    """Say that we are at work. A full disk must not end what works, so failure is silent."""
    with suppress(OSError):
        path.touch()


def silent_seconds(path: Path) -> float:
    """Say how long ago the last beat was; for ever where there was none."""
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return float("inf")
