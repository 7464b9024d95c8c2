"""Say which queries took long: what they ask, and never with which values."""

import logging

from django.conf import settings

from observability import statements
from observability.queries import Query
from redisgate.lib.line_pace import LinePace

log = logging.getLogger("redisgate.slow")
_pace = LinePace()


def tell(query: Query) -> None:
    """Write a line when it took SLOW_QUERY_MS or longer, unless there are too many. 0 is never."""
    milliseconds = round(query.seconds * 1000)
    if not settings.SLOW_QUERY_MS or milliseconds < settings.SLOW_QUERY_MS:
        return
    fields = _pace.take()
    if fields is not None:
        about = {"sql": statements.without_values(query.sql), "duration_ms": milliseconds, **fields}
        log.warning("slow: a query took %d ms", milliseconds, extra=about)
