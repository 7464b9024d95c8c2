"""The directories that a platform keeps its things in."""

import hashlib
import os
import tempfile
from pathlib import Path

from redisgate.lib.env import BadSetting

LONGEST_SOCKET_DIRECTORY = 60
"""Bytes a run directory may take so that `<dir>/<32 hex>.sock` fits the kernel's 107."""


def private_directory(path: Path) -> Path:
    """Make a directory that nobody else may enter."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(
            f"DATA_DIR: {path} can't be used ({error.strerror}). "
            "Set DATA_DIR to a directory that you may write to."
        ) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise BadSetting(
            f"DATA_DIR: {path} is not writable. Set DATA_DIR to a directory that you may write to."
        )
    return path


def run_directory(data_dir: Path) -> Path:
    """Find the place for sockets and pid files that belongs to this data directory.

    A unix socket's path has room for 107 bytes, so a deep data directory gets a short
    neighbour in the temporary directory, found again by its hash.
    """
    near = data_dir / "run"
    if len(os.fsencode(near)) <= LONGEST_SOCKET_DIRECTORY:
        return private_directory(near)
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:16]
    far = private_directory(Path(tempfile.gettempdir()) / f"redisgate-{name}")
    if far.stat().st_uid != os.getuid() or far.stat().st_mode & 0o077:
        raise BadSetting(f"{far} belongs to somebody else: set DATA_DIR to a shorter path.")
    return far
