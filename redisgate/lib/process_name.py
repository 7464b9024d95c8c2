"""A name for this process, by which others can tell whether it still lives."""

import os
import socket

from redisgate.lib.process_stat import stat_of


def own_place() -> str:
    """Name where process ids mean the same: containers may share a host's name and not those."""
    return f"{socket.gethostname()}-{_pid_namespace()}"


def own_name() -> str:
    """Name this process: place, pid, and start time, which tells a reused pid apart."""
    return name_of(os.getpid())


def name_of(pid: int) -> str:
    """Name any process of this place; one that is gone gets a name that nobody alive has."""
    return f"{own_place()}:{pid}:{_started_at(pid)}"


def is_alive(name: str) -> bool | None:
    """Say whether the process of this name still runs; None for those of other places."""
    place, _, process = name.rpartition(":")[0].rpartition(":")
    if place != own_place() or not process.isdigit():
        return None
    return name == name_of(int(process)) and not name.endswith(":")


def _pid_namespace() -> int:
    try:
        return os.stat("/proc/self/ns/pid").st_ino
    except OSError:
        return 0  # a kernel that has none, or shows none


def _started_at(pid: int) -> str:
    """Return the process's start in clock ticks since boot; empty when it is gone."""
    stat = stat_of(pid)
    return "" if stat is None or stat.has_ended else str(stat.start_ticks)
