"""A server's log file as people may see it."""

import os
import re
from pathlib import Path

_TAIL_LINES = 20
_TAIL_BYTES = 16 * 1024
_ROTATE_BYTES = 5 * 1024 * 1024

_HOST_PATH = re.compile(r"(?<![\w.:/])/(?:[^\s/'\",]+/)+")


def rotate(path: Path) -> None:
    """Set a big log aside, so that two files bound what one instance can write between starts."""
    if size(path) > _ROTATE_BYTES:
        path.replace(path.with_suffix(".log.1"))


def size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def tail(path: Path, *, since: int = 0) -> str:
    """Return the last lines that were written after the offset ``since``."""
    try:
        with path.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            # A log that is shorter than it was has been set aside.
            file.seek(max(since if since <= end else 0, end - _TAIL_BYTES))
            # A crash of the machine leaves NULs in files, which no row holds.
            lines = file.read().decode(errors="replace").replace("\0", "").splitlines()
    except FileNotFoundError:
        return ""
    return without_host_paths("\n".join(lines[-_TAIL_LINES:]))


def without_host_paths(text: str) -> str:
    """Shorten absolute paths to their last part: tenants need not know our directories."""
    return _HOST_PATH.sub("…/", text)
