"""The command API as an ASGI application of its own: Django without the middleware of pages.

Sessions, CSRF and page errors have no business on this way; each would cost thread hops, and
some answer in HTML.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.exception import convert_exception_to_response

from gateway import asgi_limits, runtime
from gateway.asgi_limits import App, BodyLimit, Receive, Refusal, Scope, Send, command_refusal
from gateway.call import Call, Head
from gateway.core import Response
from gateway.counting import PATH
from gateway.errors import BodyTooSlow
from observability.tracing import ROUTE
from redisgate.lib import platform_redis
from redisgate.lib.errors import RedisGateError

PREFIX = "/redis/"


class CommandHandler(ASGIHandler):
    """Django's handler with an empty middleware chain."""

    def load_middleware(self, is_async: bool = False) -> None:
        self._view_middleware: list[Callable[..., Awaitable[Any]]] = []
        self._template_response_middleware: list[Callable[..., Awaitable[Any]]] = []
        self._exception_middleware: list[Callable[..., Any]] = []
        self._middleware_chain = convert_exception_to_response(
            self._get_response_async  # type: ignore[attr-defined]  # what Django itself wraps here
        )


class CommandsAside:
    """Send what belongs to the command API there, and everything else on to the pages."""

    def __init__(self, pages: App) -> None:
        self._pages = pages
        self._commands = BodyLimit(
            CommandHandler(), settings.GATEWAY_LIMITS.request_bytes, _refusal
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_command = scope["type"] == "http" and scope["path"].startswith(PREFIX)
        if is_command:
            scope[ROUTE] = PATH
        await (self._commands if is_command else self._pages)(scope, receive, send)


def _refusal(scope: Scope, error: RedisGateError) -> Refusal:
    """Refuse a body that never gets as far as the flow, which would count it."""
    headers = dict(scope["headers"])
    head = Head(scope["method"], scope["raw_path"], scope["query_string"], headers)
    call = Call(head, b"", client=(scope.get("client") or ("",))[0])
    status, named, body = command_refusal(scope, error)
    response = Response(status, body, code=error.code)
    seconds = asgi_limits.BODY_SECONDS if isinstance(error, BodyTooSlow) else 0.0
    runtime.current().counting.note(call, None, None, response, seconds)
    return status, named, body


async def lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    """Close the connections to the servers when the worker ends."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.shutdown":
            await runtime.close()
            await platform_redis.close()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return
