"""How many there are of what the rooms above own, and how it is.

Those rooms register how to count when Django starts, and are never imported here.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping

from django.db import Error
from psycopg.errors import QueryCanceled

from redisgate.lib.database_refusal import refusal_of
from redisgate.lib.remembering import Remembered
from redisgate.lib.statement_limit import limited

Counts = Mapping[tuple[str, ...], float]
"""Numbers by the values of the metric's labels."""
Several = Mapping[str, Counts]
"""Such numbers by the name of the metric."""

FRESH_SECONDS = 5.0
WAIT_SECONDS = 1.0
"""How long somebody waits for whoever is counting, before taking what was counted last."""
LAST_SECONDS = 60.0
"""How long that is better than nothing."""
SOURCE_SECONDS, ALL_SECONDS, LEAST_SECONDS = 2.0, 5.0, 0.1
"""How long a source's query may take, and all together; each is asked, however late it is."""

log = logging.getLogger("redisgate.population")

_sources: dict[tuple[str, ...], Callable[[], Several]] = {}
_failing: set[tuple[str, ...]] = set()
"""Sources of which the log knows that they aren't counted."""
_known = Remembered[None, dict[str, Counts]](FRESH_SECONDS)
forget = _known.forget
# A query that hangs has one connection of the pool, and not one more with each scrape.
_turn = threading.Lock()


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

    What can't be counted is left out.
    """
    if not _turn.acquire(timeout=WAIT_SECONDS):
        return known()
    try:
        return _known.of(None, _count_all)
    finally:
        _turn.release()


def known() -> dict[str, Counts]:
    """Give what was counted last, unless that is too long ago."""
    return _known.last(None, seconds=LAST_SECONDS) or {}


def _count_all() -> dict[str, Counts]:
    until = time.monotonic() + ALL_SECONDS
    found: dict[str, Counts] = {}
    for names, count in _sources.items():
        try:
            with limited(min(SOURCE_SECONDS, max(LEAST_SECONDS, until - time.monotonic()))):
                found.update(count())
        except Error as error:
            _tell(names, error)
            if _is_away(error):
                break  # each of the others would wait as long, and for nothing
        else:
            _failing.discard(names)
    return found


def _is_away(error: Error) -> bool:
    """Tell a database without an answer for anybody from a query that it has given up."""
    return refusal_of(error) is not None and not isinstance(error.__cause__, QueryCanceled)


def _tell(names: tuple[str, ...], error: Error) -> None:
    """Log it once, until they are counted again; our own mistakes with their traceback."""
    if names in _failing:
        return
    _failing.add(names)
    if refusal := refusal_of(error):
        log.warning("not counted: %s (%s)", ", ".join(names), refusal.log)
    else:
        log.error("not counted: %s", ", ".join(names), exc_info=error)
