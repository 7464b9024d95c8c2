"""Where the workers of one web process share their metrics: one small file each.

Nothing here imports prometheus_client, which looks for the directory when it is imported.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redisgate.lib.process_stat import stat_of

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def begin(parent: Path) -> Path:
    """Make an empty directory for this process and its children, and clear away dead ones'."""
    mine = parent / str(os.getpid())
    for old in parent.iterdir() if parent.is_dir() else ():
        if old == mine or not _is_alive(old.name):
            shutil.rmtree(old, ignore_errors=True)
    mine.mkdir(mode=0o700, parents=True)
    os.environ[VARIABLE] = str(mine)
    return mine


def is_shared() -> bool:
    return VARIABLE in os.environ


@contextmanager
def held(*, alone: bool, lock: str = "lock") -> Iterator[Path]:
    """Give the directory: to many who read, or to one who moves what is in it."""
    mine = Path(os.environ[VARIABLE])
    with (mine / lock).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield mine


def _is_alive(name: str) -> bool:
    stat = stat_of(int(name)) if name.isdigit() else None
    return stat is not None and not stat.has_ended
