"""The one moment in which sealed events may go."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from audit.models import AuditLock
from audit.triggers import OPENING


@contextmanager
def opened() -> Iterator[None]:
    """Show the database the secret of its lock, for one transaction.

    It is taken back before the transaction ends, so no other one ever sees it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        secret = AuditLock.objects.get().secret
        cursor.execute(f"INSERT INTO {OPENING} (secret) VALUES (%s)", [secret])  # noqa: S608
        yield
        cursor.execute(f"DELETE FROM {OPENING}")  # noqa: S608  a constant
