"""One platform for each data directory."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from redisgate.supervisor.refusal import CannotStart


@contextmanager
def only_one(pid_file: Path, url: str) -> Iterator[None]:
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
        file.write(f"{os.getpid()}\n{url}\n")
        file.flush()
        yield
        file.truncate(0)


def _runs_already(content: str) -> str:
    pid, _, url = content.strip().partition("\n")
    return (
        f"RedisGate runs already with this data directory: {url or 'it is just starting'} "
        f"(process {pid or 'unknown'}). Stop it with Ctrl-C in its terminal, "
        "or start a second one with a DATA_DIR and a PORT of its own."
    )
