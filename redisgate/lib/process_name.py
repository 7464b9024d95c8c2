"""A name for this process, by which others can tell whether it still lives."""

import os
import socket
from pathlib import Path


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
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    # The name in brackets may itself hold brackets and spaces, so count from the last one.
    state, *fields = text.rpartition(")")[2].split()
    return "" if state in "ZX" else fields[18]
