"""What is kept of a server for one stretch of time: whole numbers by name, and how they add up.

A point is a mapping; what isn't in it is 0. ``n`` counts the samples in it, and ``ms`` the
milliseconds that its counters cover, so a rate is a sum over ``ms``, however late a sample was.
"""

from collections.abc import Iterable, Mapping

Point = dict[str, int]

MEANS = frozenset(
    {"used", "rss", "clients", "blocked", "keys", "expiring", "ping_us", "limit", "peak"}
)
"""What has a value at each moment; everything else is counted and summed."""
SPREAD = ("used", "clients", "ping_us")
"""Of these the lowest and the highest are kept, too."""
KEYS_OF = "keys:"
"""Before the name of a database."""
CALLS_OF = "calls:"
MICROSECONDS_OF = "usec:"
"""Before the name of a command."""
BUSIEST = "commands_ms.max"
"""The highest rate within the point: commands in a thousand seconds."""

_HIGHEST = frozenset({"peak", BUSIEST, *(f"{name}.max" for name in SPREAD)})
_LOWEST = frozenset(f"{name}.min" for name in SPREAD)
_LAST = frozenset({"limit"})


def merge(points: Iterable[Point]) -> Point:
    """Make one point of several, in the order of time: sums, means, lowest and highest."""
    several = [_with_spread(point) for point in points]
    if len(several) == 1:
        return several[0]
    names = {name for point in several for name in point}
    return {name: _merged(name, several) for name in names}


def _with_spread(point: Point) -> Point:
    """Give a sample the lowest and highest that it has by itself."""
    if BUSIEST in point:
        return point
    spread = {f"{name}.{end}": point.get(name, 0) for name in SPREAD for end in ("min", "max")}
    return {**point, **spread, BUSIEST: _rate(point)}


def _rate(point: Mapping[str, int]) -> int:
    milliseconds = point.get("ms", 0)
    return point.get("commands", 0) * 1_000_000 // milliseconds if milliseconds else 0


def _merged(name: str, points: list[Point]) -> int:
    if name in _LAST:
        return points[-1].get(name, 0)
    if name in _HIGHEST:
        return max(point.get(name, 0) for point in points)
    if name in _LOWEST:
        return min(point.get(name, 0) for point in points)
    if name in MEANS or name.startswith(KEYS_OF):
        weight = sum(point.get("n", 0) for point in points)
        return sum(point.get(name, 0) * point.get("n", 0) for point in points) // max(weight, 1)
    return sum(point.get(name, 0) for point in points)
