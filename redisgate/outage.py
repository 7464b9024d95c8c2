"""A line for requests that found the database away, and not one for each of them."""

import logging

from django.http import HttpRequest

from observability.routes import told
from redisgate.lib.errors import Unavailable
from redisgate.lib.line_pace import LinePace

log = logging.getLogger("redisgate.database_away")
_pace = LinePace(lines_per_second=1)


def tell(request: HttpRequest, refusal: Unavailable) -> None:
    """Say it, unless that was done in this second: everybody meets the same outage."""
    fields = _pace.take()
    if fields is not None:
        log.warning("%s: %s", told(request), refusal.log, extra=fields)
