"""Count queries as they pass, by what they do."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from django.db import Error
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from observability import metrics

TYPES = ("select", "insert", "update", "delete", "other")

_queries = {name: metrics.QUERIES.labels(name) for name in TYPES}
_errors = {name: metrics.QUERY_ERRORS.labels(name) for name in TYPES}
_durations = {name: metrics.QUERY_DURATION.labels(name) for name in TYPES}


def install() -> None:
    """Count on every connection that this process opens from now on."""
    connection_created.connect(_watch, dispatch_uid="observability.database")


def _watch(connection: BaseDatabaseWrapper, **_: object) -> None:
    # The wrapper of a thread stays when its connection is opened anew.
    if count not in connection.execute_wrappers:
        connection.execute_wrappers.append(count)


def count(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Mapping[str, Any]
) -> Any:
    """Run the query and count it, as Django's execute wrappers do."""
    kind = type_of(sql)
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    except Error:
        _errors[kind].inc()
        raise
    finally:
        _queries[kind].inc()
        _durations[kind].observe(time.perf_counter() - began)


def type_of(sql: str) -> str:
    """Give what a query does, by its first word."""
    word = sql.lstrip(" (\n").partition(" ")[0].lower()
    return word if word in _queries else "other"
