"""The span of a whole HTTP request, around everything that ASGI answers."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from observability import http_counts, tracing
from observability.methods import label_of
from observability.tracing import CHOSEN, ROUTE, Span
from redisgate.lib import trace_context

Scope = MutableMapping[str, Any]
App = Callable[[Any, Any, Any], Awaitable[None]]
TRACEPARENT = trace_context.HEADER.encode()
SERVER_ERRORS = 500


class TracedRequests:
    """Trace the requests that are chosen, by the route that answers them."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        sender = trace_context.parse(_asked(scope))
        is_chosen = scope.get(CHOSEN)
        if tracing.wants(sender) if is_chosen is None else is_chosen:
            method = label_of(scope["method"])
            about = {"http.request.method": method, "url.scheme": scope["scheme"]}
            with tracing.request_span(method, sender, about) as span:
                try:
                    await self._app(scope, receive, _noting(span, send))
                finally:
                    route = scope.get(ROUTE, http_counts.UNKNOWN)
                    span.rename(f"{method} {route}")
                    span.note({"http.route": route})
        else:
            await self._app(scope, receive, send)


def _asked(scope: Scope) -> str:
    """Give the header; two of them are none that one could read."""
    found = [value.decode("latin-1") for name, value in scope["headers"] if name == TRACEPARENT]
    return ",".join(found)


def _noting(span: Span, send: Any) -> Callable[[Any], Awaitable[None]]:
    async def noting(message: Any) -> None:
        if message["type"] == "http.response.start":
            status = int(message["status"])
            span.note({"http.response.status_code": status})
            if status >= SERVER_ERRORS:
                span.fail(str(status))
        await send(message)

    return noting
