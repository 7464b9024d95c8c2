"""How long the database may take over what nobody waits for any longer."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Have PostgreSQL give up each statement in here after so long, locks that it waits for too.

    Who reads SQLite waits for nobody.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            limit = f"{max(1, round(seconds * 1000))}ms"
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [limit])
        yield
