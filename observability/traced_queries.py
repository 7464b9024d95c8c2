"""A span for each query of a request that is traced."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from observability import statements, tracing
from observability.tracing import Kind


def install() -> None:
    """Trace on every connection that this process opens from now on."""
    connection_created.connect(_watch, dispatch_uid="observability.traced_queries")


def _watch(connection: BaseDatabaseWrapper, **_: object) -> None:
    # The wrapper of a thread stays when its connection is opened anew.
    if traced not in connection.execute_wrappers:
        connection.execute_wrappers.append(traced)


def traced(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Mapping[str, Any]
) -> Any:
    """Run the query, as Django's execute wrappers do."""
    kind = statements.kind_of(sql)
    span = tracing.begin(kind, Kind.CLIENT, {"db.operation.name": kind})
    if span is None:
        return execute(sql, params, many, context)
    system: str = context["connection"].vendor
    span.note({"db.system.name": system, "db.query.text": statements.without_values(sql)})
    try:
        return execute(sql, params, many, context)
    except Exception as error:
        span.fail(type(error).__qualname__)
        raise
    finally:
        span.end()
