"""How many there are of what the rooms above own, and how it is.

Those rooms register how to count when Django starts, and are never imported here.
"""

import time
from collections.abc import Callable, Mapping

from django.db import Error

Counts = Mapping[tuple[str, ...], float]
"""Numbers by the values of the metric's labels."""
Several = Mapping[str, Counts]
"""Such numbers by the name of the metric."""

FRESH_SECONDS = 5.0

_sources: dict[tuple[str, ...], Callable[[], Several]] = {}
_last: tuple[float, dict[str, Counts]] | None = None


def register(name: str, count: Callable[[], Counts]) -> None:
    """Count a metric of `observability.metrics` by these means."""
    _sources[(name,)] = lambda: {name: count()}


def register_several(names: tuple[str, ...], count: Callable[[], Several]) -> None:
    """Count several metrics in one go."""
    _sources[names] = count


def registered() -> set[str]:
    """Give the names of all that is counted so."""
    return {name for names in _sources for name in names}


def counted() -> dict[str, Counts]:
    """Count everything; an answer serves everybody who asks within five seconds.

    While the database is away nothing is known, and nothing is said.
    """
    global _last
    if _last is None or time.monotonic() - _last[0] > FRESH_SECONDS:
        found: dict[str, Counts] = {}
        try:
            for count in _sources.values():
                found.update(count())
        except Error:
            found = {}
        _last = (time.monotonic(), found)
    return _last[1]
