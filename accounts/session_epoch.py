"""A number in the database that says which copies of sessions are still to be believed.

Each copy bears the number that held when it was made. Where a change of a session could not be told
to the platform's Redis, the same transaction moves the number on: no copy made before counts any
more, whenever and in whatever state that Redis returns.
"""

import time

from django.db import connection

from accounts.models import SessionEpoch

ONLY = 1
GOOD_SECONDS = 0.8
"""How long a process goes by what it read: a session that ends is dead everywhere in a second."""

MOVE_ON = """
    INSERT INTO accounts_sessionepoch (id, number) VALUES (1, 1)
    ON CONFLICT (id) DO UPDATE SET number = accounts_sessionepoch.number + 1
"""

_known = (float("-inf"), 0)


def current() -> int:
    """Give the number, at most a second old. Not for use inside of a transaction."""
    global _known
    read_at, number = _known
    now = time.monotonic()  # before it is read: later, it would seem younger than it is
    if now - read_at > GOOD_SECONDS:
        found = SessionEpoch.objects.filter(pk=ONLY).values_list("number", flat=True).first()
        number = found or 0
        _known = now, number
    return number


def move_on() -> None:
    """Let no copy count any more, once the transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute(MOVE_ON)


def look_again() -> None:
    """Forget what this process has read."""
    global _known
    _known = float("-inf"), 0
