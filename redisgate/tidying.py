"""What the controller that holds the lease clears away every minute, for rooms below its own."""

import logging
from collections.abc import Callable
from threading import Event

from django.db import InterfaceError, OperationalError, connection

from accounts import refresh_tokens, shared_cache
from instances.duties import Duty
from redisgate import jobs

log = logging.getLogger("redisgate.tidying")

EVERY_SECONDS = 60.0
CHORES: tuple[Callable[[], int], ...] = (
    jobs.revive_stranded,
    jobs.clear_finished,
    shared_cache.clear_expired,
    refresh_tokens.clear_expired,
)


def keep_tidy(end: Event) -> None:
    """Do every chore again and again until the end."""
    while not end.is_set():
        try:
            for chore in CHORES:
                chore()
        except (OperationalError, InterfaceError) as error:
            log.debug("Nothing was cleared away: %s", error)
        finally:
            connection.close()
        end.wait(EVERY_SECONDS)


DUTY = Duty("tidying", keep_tidy)
