"""Queries as they pass: each is a span where its request is traced, and whoever listens is told.

Web processes count them; every process says which took long.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from observability import statements, tracing
from observability.tracing import Kind


class Query(NamedTuple):
    """One that has ended, well or not. Its values aren't in here; ``sql`` may hold literals."""

    sql: str
    kind: str
    seconds: float
    has_failed: bool


Listener = Callable[[Query], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Tell this listener of every query on connections that this process opens from now on."""
    _listeners.append(listener)
    connection_created.connect(_watch, dispatch_uid="observability.queries")


def _watch(connection: BaseDatabaseWrapper, **_: object) -> None:
    # The wrapper of a thread stays when its connection is opened anew.
    if watched not in connection.execute_wrappers:
        connection.execute_wrappers.append(watched)


def watched(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Mapping[str, Any]
) -> Any:
    """Run the query, as Django's execute wrappers do."""
    kind, has_failed = statements.kind_of(sql), False
    span = _span(kind, sql, context)
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    except Exception as error:
        has_failed = True
        span.fail(type(error).__qualname__)
        raise
    finally:
        span.end()
        query = Query(sql, kind, time.perf_counter() - began, has_failed)
        for tell in _listeners:
            tell(query)


def _span(kind: str, sql: str, context: Mapping[str, Any]) -> tracing.Span:
    span = tracing.begin(kind, Kind.CLIENT, {"db.operation.name": kind})
    if span is None:
        return tracing.NO_SPAN
    system: str = context["connection"].vendor
    span.note({"db.system.name": system, "db.query.text": statements.without_values(sql)})
    return span
