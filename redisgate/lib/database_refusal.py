"""What to say where a query failed because the database is away, and not by our mistake."""

import sqlite3

import psycopg_pool
from django.db import InterfaceError, OperationalError

from redisgate.lib.errors import Unavailable

AWAY = (OperationalError, InterfaceError)
"""What a query raises while the database is away."""
AWAY_OR_REFUSED = (*AWAY, Unavailable)
"""And what is raised where it was asked for something beyond a query: a lock, a version."""

WORDS = (
    "The platform's database doesn't answer. Try again in a few seconds: it goes on as soon as it "
    "is back, and instances go on serving meanwhile."
)
RETRY_SECONDS = 2
PASSING_STATES = ("08", "40", "53", "55P03", "57")
"""Of PostgreSQL: connection, conflicts of transactions, room, locks, and the operator's hand."""
PASSING_SQLITE = {
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL),
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY),
}


def refusal_of(error: BaseException | None) -> Unavailable | None:
    """Give the refusal where the database is the trouble, and nothing anywhere else."""
    if not isinstance(error, AWAY) or not _is_passing(error.__cause__):
        return None
    return Unavailable(WORDS, log=repr(error), retry_after_seconds=RETRY_SECONDS)


def is_without_connection(error: Exception) -> bool:
    """Tell whether no connection was to be had from the pool in time."""
    return isinstance(error.__cause__, psycopg_pool.PoolTimeout)


def _is_passing(cause: BaseException | None) -> bool:
    """Tell what time heals from a missing table, which SQLite calls the same."""
    if isinstance(cause, sqlite3.Error):
        code = getattr(cause, "sqlite_errorcode", None)
        return code is None or code & 0xFF in PASSING_SQLITE
    state = getattr(cause, "sqlstate", None)
    return state is None or state.startswith(PASSING_STATES)
