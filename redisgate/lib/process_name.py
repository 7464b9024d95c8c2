"""A name for this process, by which others can tell whether it still lives."""

import os
import socket

from redisgate.lib.process_stat import stat_of


def own_name() -> str:
    """Name this process: host, pid, and start time, which tells a reused pid apart."""
    return _name(os.getpid())


def is_alive(name: str) -> bool | None:
    """Say whether the process of this name still runs; None for those of other hosts."""
    host, _, process = name.rpartition(":")[0].rpartition(":")
    if host != socket.gethostname() or not process.isdigit():
        return None
    return name == _name(int(process))


def _name(pid: int) -> str:
    return f"{socket.gethostname()}:{pid}:{_started_at(pid)}"


def _started_at(pid: int) -> str:
    """Return the process's start in clock ticks since boot; empty when it is gone."""
    stat = stat_of(pid)
    return "" if stat is None or stat.has_ended else str(stat.start_ticks)
