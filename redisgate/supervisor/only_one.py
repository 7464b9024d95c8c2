"""One platform for each data directory."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from redisgate.supervisor.refusal import CannotStart


@dataclass(frozen=True, slots=True)
class Running:
    """Where the platform that holds a pid file is reached, and where it listens."""

    url: str
    host: str
    port: int


@contextmanager
def only_one(pid_file: Path, here: Running) -> Iterator[None]:
    """Hold the pid file while the platform runs.

    The lock counts, not the content: the kernel drops it with its holder, so a pid file that
    was left behind is simply taken over.
    """
    handle = os.open(pid_file, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(_runs_already(file.read())) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n{here.url}\n{here.host}\n{here.port}\n")
        file.flush()
        yield
        file.truncate(0)


def who_runs(pid_file: Path) -> Running | None:
    """Tell who holds the pid file; None for nobody, and for one that is just starting."""
    try:
        file = pid_file.open()
    except FileNotFoundError:
        return None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read(file.read())
    return None


def _read(content: str) -> Running | None:
    match content.splitlines():
        case [_, url, host, port]:
            return Running(url, host, int(port))
        case _:
            return None


def _runs_already(content: str) -> str:
    pid, url, *_ = [*content.splitlines(), "", ""]
    return (
        f"RedisGate runs already with this data directory: {url or 'it is just starting'} "
        f"(process {pid or 'unknown'}). Stop it with Ctrl-C in its terminal, "
        "or start a second one with a DATA_DIR and a PORT of its own."
    )
