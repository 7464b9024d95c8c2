"""Files and directories that only our own account may read."""

import os
from pathlib import Path
from typing import BinaryIO


def make_directory(path: Path) -> None:
    """Make the directory, closed to others even where it exists already."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)


def write_atomically(path: Path, text: str) -> None:
    """Replace the file in one step, so that nobody, not even after our crash, reads half of it.

    Not synced to disk: what is written here is written again after the machine's own crash.
    """
    draft = path.with_name(path.name + ".tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)


def open_to_append(path: Path) -> BinaryIO:
    """Open the file for writing at its end, made closed to others where it is missing."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    return os.fdopen(descriptor, "ab")
