"""A line for requests that found the database away, not one for each, and one when it is back.

Why it is away is known to the pool, which tries to connect meanwhile.
"""

import logging

from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.http import HttpRequest

from observability.routes import told
from redisgate.lib.errors import Unavailable
from redisgate.lib.line_pace import LinePace

log = logging.getLogger("redisgate.database_away")
_pace = LinePace(lines_per_second=1)
_is_away = False


def let_pool_say_why() -> None:
    """Have the pool's warnings written, in the measure that the settings give them."""
    logging.getLogger("psycopg.pool").setLevel(logging.WARNING)


def tell(request: HttpRequest, refusal: Unavailable) -> None:
    """Say it, unless that was done in this second: everybody meets the same outage."""
    global _is_away
    _is_away = True
    fields = _pace.take()
    if fields is not None:
        log.warning("%s: %s", told(request), refusal.log, extra=fields)


@receiver(connection_created, dispatch_uid="redisgate.outage")
def _say_that_it_is_back(**_: object) -> None:
    global _is_away
    if _is_away:
        _is_away = False
        log.warning("The database answers again.")
