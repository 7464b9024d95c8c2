"""Tests that commit leave an empty database behind, which the audit log's triggers forbid."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import flush as flushing
from django.db import connection, transaction

from audit.triggers import CHAINS, EVENTS, SEALS

TABLES = (EVENTS, CHAINS, SEALS)
KEPT = ("django_content_type", "auth_permission")
"""What follows from the code alone; to make it anew took longer than many a test."""


def let_flush_empty_it() -> None:
    """Take the triggers away while Django empties the tables after a test, and only then."""
    operations = type(connection.ops)
    flush: Callable[..., None] = operations.execute_sql_flush
    is_sqlite = connection.vendor == "sqlite"

    def around(self: Any, statements: list[str]) -> None:
        with transaction.atomic():
            if not is_sqlite:
                _delete_everything()
                return
            with without_triggers():
                flush(self, [each for each in statements if not _is_of_kept(each)])

    operations.execute_sql_flush = around  # type: ignore[method-assign, assignment]
    flushing.emit_post_migrate_signal = _nothing_to_make  # type: ignore[attr-defined]


def _nothing_to_make(*_arguments: object, **_named: object) -> None:
    """Take the place of what makes content types and permissions after a flush."""


def _is_of_kept(statement: str) -> bool:
    return any(f'"{table}"' in statement for table in KEPT)


def _delete_everything() -> None:
    """Delete as a replica does, without triggers and foreign keys.

    TRUNCATE makes a new file for each of the tables, which takes a fifth of a second.
    """
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    emptied = set(tables) - set(KEPT)
    deletions = "; ".join(f'DELETE FROM "{table}"' for table in emptied)  # noqa: S608  our own
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL session_replication_role = replica; {deletions}")


@contextmanager
def without_triggers() -> Iterator[None]:
    """Do as somebody with the rights of the tables' owner would."""
    away, back = _sqlite() if connection.vendor == "sqlite" else _postgresql()
    with connection.cursor() as cursor:
        for statement in away:
            cursor.execute(statement)
        yield
        for statement in back:
            cursor.execute(statement)


def _sqlite() -> tuple[list[str], list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' "
            "AND tbl_name IN (%s, %s, %s)",
            TABLES,
        )
        found = cursor.fetchall()
    return [f"DROP TRIGGER {name}" for name, _ in found], [sql for _, sql in found]


def _postgresql() -> tuple[list[str], list[str]]:
    return tuple(  # type: ignore[return-value]  # two words, two lists
        [f"ALTER TABLE {table} {word} TRIGGER USER" for table in TABLES]
        for word in ("DISABLE", "ENABLE")
    )
