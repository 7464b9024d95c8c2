"""A scope of the log for each socket: who it belongs to is bound when that is known."""

from collections.abc import Awaitable, Callable
from typing import Any

from redisgate.lib import log_context, request_id, trace_context

App = Callable[[Any, Any, Any], Awaitable[None]]


class SocketScopes:
    """Name each socket as requests are named; its handshake is one."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        asked = headers.get(request_id.HEADER.lower().encode())
        trace = headers.get(trace_context.HEADER.encode())
        with log_context.scope(), trace_context.continued(trace), request_id.named(asked):
            await self._app(scope, receive, send)
