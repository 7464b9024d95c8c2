"""What the kernel says about a process, by proc(5)."""

from dataclasses import dataclass
from pathlib import Path

# Fields 3, 14 to 17 and 22 of the file, counted from the one that comes after the program's name.
_STATE, _USER, _SYSTEM, _ENDED_USER, _ENDED_SYSTEM, _START_TICKS = 0, 11, 12, 13, 14, 19


@dataclass(frozen=True, slots=True)
class ProcessStat:
    """A process in one life: the start, in clock ticks since boot, tells reused pids apart."""

    state: str
    start_ticks: int
    cpu_ticks: int
    ended_children_cpu_ticks: int
    """What its children used that have ended and were waited for."""

    @property
    def has_ended(self) -> bool:
        """Say whether it is a zombie, or about to vanish."""
        return self.state in "ZX"


def stat_of(pid: int) -> ProcessStat | None:
    """Look at a pid; None where there is no process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name in brackets may itself hold brackets and spaces, so count from the last one.
    fields = text.rpartition(")")[2].split()
    return ProcessStat(
        fields[_STATE],
        int(fields[_START_TICKS]),
        cpu_ticks=int(fields[_USER]) + int(fields[_SYSTEM]),
        ended_children_cpu_ticks=int(fields[_ENDED_USER]) + int(fields[_ENDED_SYSTEM]),
    )
