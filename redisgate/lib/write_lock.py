"""SQLite has one seat for writers, and who waits too long for it is sent away.

PostgreSQL sends one of two away who wait for each other. Either may simply come again.
"""

import functools
import logging
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection

from redisgate.lib.errors import Unavailable

P = ParamSpec("P")
T = TypeVar("T")

ATTEMPTS = 4
PAUSE_SECONDS = 0.05
DEADLOCK = "40P01"

log = logging.getLogger("redisgate.write_lock")


def retried_when_locked(mutation: Callable[P, T]) -> Callable[P, T]:
    """Call a mutation again when the database has sent it away, and in the end say so.

    The mutation opens its transaction itself, so that nothing of it remains when it is called
    again. Inside somebody else's transaction it is called once: trying again is theirs to do.
    Raises Unavailable.
    """

    @functools.wraps(mutation)
    def patient(*args: P.args, **kwargs: P.kwargs) -> T:
        attempts = 1 if connection.in_atomic_block else ATTEMPTS
        for attempt in range(1, attempts):
            try:
                return mutation(*args, **kwargs)
            except OperationalError as error:
                if not _is_locked(error):
                    raise
                log.warning("trying %s again: %s", mutation.__qualname__, error)
                time.sleep(PAUSE_SECONDS * attempt * (1 + random.random()))  # noqa: S311  no secret
        try:
            return mutation(*args, **kwargs)
        except OperationalError as error:
            if connection.in_atomic_block or not _is_locked(error):
                raise
            raise Unavailable(
                "Too much is being changed at once. Nothing was changed; try again in a moment.",
                log=f"sent away by the database: {error}",
                retry_after_seconds=1,
            ) from error

    return patient


def _is_locked(error: OperationalError) -> bool:
    is_deadlock = getattr(error.__cause__, "sqlstate", None) == DEADLOCK
    return is_deadlock or "database is locked" in str(error)
