"""How busy the processors of this machine are, by proc(5)."""

import os
import socket
from pathlib import Path

from observability import metric_files
from observability.population import Counts

TICKS = os.sysconf("SC_CLK_TCK")
# The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. What guests
# use is among the user's already.
_COLUMNS = slice(1, 9)
_IDLE = (3, 4)
_MOST_IDLE = "most_idle"
_most_idle = 0


def read() -> dict[str, Counts]:
    """Read everything, by the names of `metrics.COUNTED`."""
    busy, idle = ticks_of(Path("/proc/stat").read_text())
    name = socket.gethostname()[:120]
    return {"host_cpu_seconds_total": {(name, "busy"): busy / TICKS, (name, "idle"): idle / TICKS}}


def ticks_of(stat: str) -> tuple[int, int]:
    """Give how long they were busy and idle; the kernel takes idle time back now and then."""
    ticks = [int(each) for each in stat.partition("\n")[0].split()[_COLUMNS]]
    idle = sum(ticks[place] for place in _IDLE)
    return sum(ticks) - idle, _most(idle)


def _most(idle: int) -> int:
    """Give the most that any worker has told: the next scrape asks another one."""
    global _most_idle
    if not metric_files.is_shared():
        _most_idle = max(_most_idle, idle)
        return _most_idle
    with metric_files.held(alone=True) as directory:
        file = directory / _MOST_IDLE
        most = max(idle, int(file.read_text()) if file.exists() else 0)
        file.write_text(str(most))
    return most
