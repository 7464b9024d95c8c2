"""How long something took, as people say it."""

from datetime import timedelta

from redisgate.lib import units


def short(took: timedelta) -> str:
    """Say ``0.6 s`` or ``12 s``: of something that is over in moments."""
    seconds = max(took.total_seconds(), 0.1)
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"


def words(took: timedelta) -> str:
    """Say ``42 s``, ``1 min 42 s``, ``3 h 5 min``: whole seconds, and at least one."""
    return units.duration(max(round(took.total_seconds()), 1))
