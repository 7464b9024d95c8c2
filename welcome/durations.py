"""How long something took, as people say it."""

from datetime import timedelta

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def short(took: timedelta) -> str:
    """Say ``0.6 s`` or ``12 s``: of something that is over in moments."""
    seconds = max(took.total_seconds(), 0.1)
    return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"


def words(took: timedelta) -> str:
    """Say ``42 s``, ``1 min 42 s``, ``3 h 5 min``: the two units that matter."""
    left = max(round(took.total_seconds()), 1)
    parts: list[str] = []
    for name, size in _UNITS:
        number, left = divmod(left, size)
        if number or parts:
            parts.append(f"{number} {name}" if number else "")
        if len(parts) == 2:
            break
    return " ".join(filter(None, parts))
