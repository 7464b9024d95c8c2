"""How busy the processors of this machine are, by proc(5)."""

import os
import socket
from pathlib import Path

from observability.population import Counts

TICKS = os.sysconf("SC_CLK_TCK")
# The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. What guests
# use is among the user's already.
_COLUMNS = slice(1, 9)
_IDLE = (3, 4)


def read() -> dict[str, Counts]:
    """Read everything, by the names of `metrics.COUNTED`."""
    line = Path("/proc/stat").read_text().partition("\n")[0]
    ticks = [int(each) for each in line.split()[_COLUMNS]]
    idle = sum(ticks[place] for place in _IDLE)
    name = socket.gethostname()[:120]
    return {
        "host_cpu_seconds_total": {
            (name, "busy"): (sum(ticks) - idle) / TICKS,
            (name, "idle"): idle / TICKS,
        }
    }
