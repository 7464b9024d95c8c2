"""Count the WebSockets that are open."""

from collections.abc import Awaitable, Callable
from typing import Any

from observability import metrics

App = Callable[[Any, Any, Any], Awaitable[Any]]


class Counted:
    """An ASGI application for WebSockets that counts those it serves."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        metrics.WEBSOCKETS.inc()
        try:
            await self._app(scope, receive, send)
        finally:
            metrics.WEBSOCKETS.dec()
