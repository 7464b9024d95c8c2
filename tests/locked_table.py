"""A table of PostgreSQL that somebody else has for themselves, as a migration has."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def locked(table: str) -> Iterator[None]:
    """Lock it meanwhile. On SQLite whoever reads waits for nobody: mark the test `postgresql`."""
    connect = connection.Database.connect  # type: ignore[attr-defined]  # drivers have it
    with connect(**connection.get_connection_params()) as other, other.transaction():
        other.execute(f"LOCK TABLE {connection.ops.quote_name(table)}")
        yield
