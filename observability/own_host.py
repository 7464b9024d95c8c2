"""How busy the processors of this machine are, by proc(5)."""

import os
import socket
from contextlib import suppress
from pathlib import Path

from observability import metric_files
from observability.population import Counts

TICKS = os.sysconf("SC_CLK_TCK")
# The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. What guests
# use is among the user's already.
_COLUMNS = slice(1, 9)
_IDLE = (3, 4)
MOST_IDLE = "most_idle"
"""The file beside the metrics where the workers of one web leave the watermark."""
_LOCK = "most_idle.lock"
"""Not that of the metrics: the master waits for it when a worker has ended."""
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
    """Give the most that any worker of this web has told: the next scrape asks another one.

    Where nothing can be written each worker goes by what it has told itself.
    """
    global _most_idle
    _most_idle = max(_most_idle, idle)
    if metric_files.is_shared():
        with suppress(OSError), metric_files.held(alone=True, lock=_LOCK) as directory:
            _most_idle = _raised(directory / MOST_IDLE, _most_idle)
    return _most_idle


def _raised(file: Path, idle: int) -> int:
    most = _watermark(file)
    if idle <= most:
        return most
    # Whole or not at all: a web that ends meanwhile leaves no number cut short.
    fresh = file.with_suffix(".fresh")
    fresh.write_text(str(idle))
    fresh.replace(file)
    return idle


def _watermark(file: Path) -> int:
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        return 0
