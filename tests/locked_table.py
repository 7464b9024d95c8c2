"""A table of PostgreSQL that somebody else has for themselves, as a migration has."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection


@contextmanager
def locked(table: str) -> Iterator[None]:
    """Lock it meanwhile; on SQLite, where who reads waits for nobody, skip the test."""
    if connection.vendor != "postgresql":
        pytest.skip("who reads SQLite waits for nobody")
    connect = connection.Database.connect  # type: ignore[attr-defined]  # drivers have it
    with connect(**connection.get_connection_params()) as other, other.transaction():
        other.execute(f"LOCK TABLE {connection.ops.quote_name(table)}")
        yield
