"""What the platform's processes on this machine use.

Prometheus's own collector knows the one process that it runs in, and there are several.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from observability.population import Counts
from redisgate.lib import role_marks
from redisgate.lib.process_stat import ProcessStat, stat_of

WEB = "web"
"""Its children are workers, and belong to it. A controller's are servers of tenants."""
TICKS = os.sysconf("SC_CLK_TCK")
KILOBYTE = 1024
TRIES = 5


@dataclass(frozen=True, slots=True)
class Use:
    """What one role uses, by its main process and those that belong to it."""

    cpu_seconds: float
    resident_bytes: int
    open_fds: int
    max_fds: int
    processes: int
    started_at: float


def read() -> dict[str, Counts]:
    """Read everything, by the names of `metrics.PROCESSES` and `metrics.COUNTED`."""
    found = {role: _use(pid, is_family=role.startswith(WEB)) for role, pid in _marked().items()}
    uses = {(role,): use for role, use in found.items() if use is not None}
    return {
        "process_cpu_seconds_total": {role: use.cpu_seconds for role, use in uses.items()},
        "process_resident_memory_bytes": {role: use.resident_bytes for role, use in uses.items()},
        "process_open_fds": {role: use.open_fds for role, use in uses.items()},
        "process_max_fds": {role: use.max_fds for role, use in uses.items()},
        "role_processes": {role: use.processes for role, use in uses.items()},
        "process_start_time_seconds": {role: use.started_at for role, use in uses.items()},
    }


def _marked() -> dict[str, int]:
    with suppress(OSError):
        return role_marks.marked()
    return {}


def _use(pid: int, *, is_family: bool) -> Use | None:
    """Look at a process; None where it ends meanwhile."""
    try:
        members = [pid, *(_children(pid) if is_family else ())]
        cpu_ticks = _family_ticks(pid) if is_family else _stat(pid).cpu_ticks
        return Use(
            cpu_seconds=cpu_ticks / TICKS,
            resident_bytes=sum(map(_memory, members)),
            open_fds=max(map(_open_files, members)),
            max_fds=_most_files(pid),
            processes=len(members),
            started_at=_boot_time() + _stat(pid).start_ticks / TICKS,
        )
    except OSError:
        return None


def _family_ticks(pid: int) -> int:
    """Add up a process, its children, and those that have ended: so the sum never falls.

    A child that ends while we look would count twice or not at all, so look again then.
    """
    for _ in range(TRIES):
        before = _stat(pid)
        alive = sum(_stat(child).cpu_ticks for child in _children(pid))
        after = _stat(pid)
        if after.ended_children_cpu_ticks == before.ended_children_cpu_ticks:
            return after.cpu_ticks + after.ended_children_cpu_ticks + alive
    raise ProcessLookupError(pid)


def _stat(pid: int) -> ProcessStat:
    stat = stat_of(pid)
    if stat is None:
        raise ProcessLookupError(pid)
    return stat


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _memory(pid: int) -> int:
    """Give bytes, pages shared with others in proportion."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return KILOBYTE * next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _open_files(pid: int) -> int:
    return len(os.listdir(f"/proc/{pid}/fd"))


def _most_files(pid: int) -> int:
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
    soft = next(line.split()[3] for line in lines if line.startswith("Max open files"))
    return int(soft) if soft.isdigit() else 0


def _boot_time() -> int:
    lines = Path("/proc/stat").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("btime"))
