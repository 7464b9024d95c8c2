"""How many there are of what the rooms above own.

Those rooms register how to count when Django starts, and are never imported here.
"""

import time
from collections.abc import Callable, Mapping

from django.db import Error

Counts = Mapping[tuple[str, ...], float]
"""Numbers by the values of the metric's labels."""

FRESH_SECONDS = 5.0

_sources: dict[str, Callable[[], Counts]] = {}
_last: tuple[float, dict[str, Counts]] | None = None


def register(name: str, count: Callable[[], Counts]) -> None:
    """Count a metric of `observability.metrics` by these means."""
    _sources[name] = count


def counted() -> dict[str, Counts]:
    """Count everything; an answer serves everybody who asks within five seconds.

    While the database is away nothing is known, and nothing is said.
    """
    global _last
    if _last is None or time.monotonic() - _last[0] > FRESH_SECONDS:
        try:
            found = {name: count() for name, count in _sources.items()}
        except Error:
            found = {}
        _last = (time.monotonic(), found)
    return _last[1]
