"""How much room the machine of the servers has. Reads the machine, knows no rows."""

import os
from dataclasses import dataclass
from pathlib import Path

from redisgate.lib.units import MEGABYTE

_MEMINFO = Path("/proc/meminfo")
_OVERCOMMIT = Path("/proc/sys/vm/overcommit_memory")
_CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """In megabytes, as far as the account that runs servers may use them."""

    disk_free_mb: int
    disk_total_mb: int
    memory_free_mb: int
    memory_total_mb: int
    may_overcommit: bool
    """A large server can save in the background though memory for a full copy isn't free."""
    load: float
    """How many processes wanted a processor on average of the last minute."""
    processors: int


def read(data_dir: Path) -> Readings:
    """Look at this machine, or at the container that it is."""
    disk = os.statvfs(data_dir)
    free, total = _memory()
    return Readings(
        disk_free_mb=disk.f_bavail * disk.f_frsize // MEGABYTE,
        disk_total_mb=disk.f_blocks * disk.f_frsize // MEGABYTE,
        memory_free_mb=free // MEGABYTE,
        memory_total_mb=total // MEGABYTE,
        may_overcommit=_OVERCOMMIT.read_text().strip() == "1",
        load=os.getloadavg()[0],
        processors=len(os.sched_getaffinity(0)),
    )


def _memory() -> tuple[int, int]:
    """Give free and total bytes; a container's bound counts where it is the smaller one."""
    lines = (line.split() for line in _MEMINFO.read_text().splitlines())
    kilobytes = {words[0]: int(words[1]) for words in lines if len(words) > 1}
    free, total = kilobytes["MemAvailable:"] * 1024, kilobytes["MemTotal:"] * 1024
    bound, used = _number(_CGROUP / "memory.max"), _number(_CGROUP / "memory.current")
    if bound is None or used is None or bound >= total:
        return free, total
    return min(free, max(0, bound - used)), bound


def _number(path: Path) -> int | None:
    try:
        text = path.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None
