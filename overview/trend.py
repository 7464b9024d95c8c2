"""When memory will be full, if it goes on as it did. Pure."""

from collections.abc import Sequence

from figures.levels import DAY

HORIZON_SECONDS = 7 * DAY
POINTS_MIN = 20
STEADY = 0.95
"""How well a straight line must fit (R²): what goes up and down foretells nothing."""
REACH = 12
"""So many times as far as we look back, we look ahead: an hour says nothing about next week."""


def seconds_until_full(used: Sequence[int | None], step: int, limit: int) -> float | None:
    """Say in how many seconds a steady growth reaches the limit; None where there is none."""
    if not limit or not _may_reach(used, limit):
        return None
    points = [(n * step, value) for n, value in enumerate(used) if value is not None]
    if len(points) < POINTS_MIN:
        return None
    slope, fit = _line(points)
    if slope <= 0 or fit < STEADY:
        return None
    (began, _), (now, latest) = points[0], points[-1]
    left = max(0, limit - latest) / slope
    return left if left <= min(HORIZON_SECONDS, REACH * (now - began)) else None


def _may_reach(used: Sequence[int | None], limit: int) -> bool:
    """Leave out cheaply what can't get there, for nearly all of many servers are like that."""
    first = next((value for value in used if value is not None), None)
    latest = next((value for value in reversed(used) if value is not None), None)
    if first is None or latest is None:
        return False
    # A line that fits so well rises by more than half of its slope from its first to its last.
    return latest > first and limit - latest <= 2 * REACH * (latest - first)


def _line(points: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """Fit by least squares: give the slope, and how well it fits from 0 to 1."""
    count = len(points)
    middle_x = sum(x for x, _ in points) / count
    middle_y = sum(y for _, y in points) / count
    across = sum((x - middle_x) ** 2 for x, _ in points)
    both = sum((x - middle_x) * (y - middle_y) for x, y in points)
    up = sum((y - middle_y) ** 2 for _, y in points)
    if not across or not up:
        return 0.0, 0.0
    return both / across, both * both / (across * up)
