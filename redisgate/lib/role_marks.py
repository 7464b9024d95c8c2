"""Which processes of this machine do the platform's work, so that one of them can tell of all.

A mark is a file named for the role, with the name of the process in it. Several of one role are
`worker`, `worker-2` and so on; who comes next takes the first name that nobody alive has.
"""

import fcntl
import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from redisgate.lib.process_name import is_alive, name_of, own_place

OPEN = "open"
"""A file beside the marks that every process that has made one keeps locked while it lives."""
ATTEMPTS = 5
"""Each that fails takes another container that starts in the same instant."""

_kept_open: dict[Path, int] = {}


def mark(role: str, *, process: int = 0, instead_of: int = 0) -> None:
    """Say that this process, or the one of that number, does the work of a role from now on.

    Whom it relieves, ``instead_of``, it takes the name from, even while that one lives. Where
    nothing can be written it works unseen, which is better than not at all.
    """
    own = name_of(process or os.getpid())
    _clear_abandoned()
    with suppress(OSError), _alone() as folder:
        for number in itertools.count(1):
            file = folder / (role if number == 1 else f"{role}-{number}")
            holder = _holder(file)
            if holder in {"", own} or not is_alive(holder) or _pid(holder) == instead_of:
                file.write_text(own)
                return


def hold() -> None:
    """Keep the folder from being cleared while this process lives, which has no mark yet."""
    with suppress(OSError):
        _keep_open(_folder())


def marked() -> dict[str, int]:
    """Give the process ids of those alive, by the name of their role."""
    folder = _folder()
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    holders = {file.name: _holder(file) for file in files if file.name not in {"lock", OPEN}}
    return {name: _pid(own) for name, own in holders.items() if is_alive(own)}


def _keep_open(folder: Path) -> None:
    """Make the folder and hold it against others, who may clear it away until it is locked."""
    for _ in range(ATTEMPTS):
        if folder in _kept_open:
            return
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            file = os.open(folder / OPEN, os.O_RDWR | os.O_CREAT, mode=0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_SH)
                if _is_at(folder / OPEN, file):
                    _kept_open[folder] = file
            finally:
                if folder not in _kept_open:
                    os.close(file)


def _clear_abandoned() -> None:
    """Remove the folders of containers that are gone: each pod had one of its own."""
    for folder in _folder().parent.glob("*/"):
        if folder != _folder():
            with suppress(OSError), (folder / OPEN).open() as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if _is_at(folder / OPEN, file.fileno()):
                    shutil.rmtree(folder)


def _is_at(path: Path, file: int) -> bool:
    """Tell whether a file that was opened, and then locked, is still the one of this name."""
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(file), there)


def _holder(file: Path) -> str:
    return file.read_text() if file.exists() else ""


def _pid(holder: str) -> int:
    return int(holder.split(":")[-2])


def _folder() -> Path:
    """Containers may share DATA_DIR and see nothing of each other, so each has its own."""
    return Path(settings.RUN_DIR) / "roles" / own_place()


@contextmanager
def _alone() -> Iterator[Path]:
    folder = _folder()
    _keep_open(folder)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
