"""Say which queries took long: what they ask, and never with which values."""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from observability import statements
from redisgate.lib.line_pace import LinePace

log = logging.getLogger("redisgate.slow")
_pace = LinePace()


def install() -> None:
    """Watch every connection that this process opens from now on."""
    connection_created.connect(_watch, dispatch_uid="observability.slow_queries")


def _watch(connection: BaseDatabaseWrapper, **_: object) -> None:
    # The wrapper of a thread stays when its connection is opened anew.
    if watched not in connection.execute_wrappers:
        connection.execute_wrappers.append(watched)


def watched(
    execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Mapping[str, Any]
) -> Any:
    """Run the query, as Django's execute wrappers do, and tell when it took long."""
    began = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        milliseconds = round((time.perf_counter() - began) * 1000)
        if settings.SLOW_QUERY_MS and milliseconds >= settings.SLOW_QUERY_MS:
            _tell(sql, milliseconds)


def _tell(sql: str, milliseconds: int) -> None:
    fields = _pace.take()
    if fields is not None:
        about = {"sql": statements.without_values(sql), "duration_ms": milliseconds, **fields}
        log.warning("slow: a query took %d ms", milliseconds, extra=about)
