"""A browser's end of a WebSocket, for tests: what it sends, what it gets, when it ends."""

import time
from types import TracebackType
from typing import Any, Self

from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.auth import AuthMiddlewareStack
from django.conf import settings
from django.test import Client

from accounts.models import User
from instances.consumers import HEARTBEAT
from redisgate import routing

PATIENCE_SECONDS = 90
application = AuthMiddlewareStack(routing.websocket)


class Socket:
    """One open page of a person, or of nobody. It hears signs of life only where it wants to."""

    hears_heartbeats = False

    def __init__(self, path: str, user: User | None) -> None:
        self._path, self._user = path, user

    async def __aenter__(self) -> Self:
        path, _, query = self._path.partition("?")
        headers = [] if self._user is None else [await sync_to_async(_cookie)(self._user)]
        scope = {
            "type": "websocket",
            "path": path,
            "query_string": query.encode(),
            "headers": headers,
            "subprotocols": [],
        }
        self._link: Any = ApplicationCommunicator(application, scope)  # type: ignore[no-untyped-call]
        await self.send({"type": "websocket.connect"})
        assert (await self._output())["type"] == "websocket.accept"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.send({"type": "websocket.disconnect", "code": 1000})
        await self._link.wait(timeout=PATIENCE_SECONDS)

    async def send(self, message: dict[str, Any]) -> None:
        await self._link.send_input(message)

    async def next_html(self, timeout_seconds: float = PATIENCE_SECONDS) -> str:
        message = await self._output(timeout_seconds)
        assert message["type"] == "websocket.send", message
        html: str = message["text"]
        return html

    async def close_code(self) -> int:
        message = await self._output()
        assert message["type"] == "websocket.close", message
        code: int = message["code"]
        return code

    async def is_quiet(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while not await self._link.receive_nothing(timeout=max(0.01, until - time.monotonic())):
            if not self._is_passed_over(await self._link.receive_output()):
                return False
        return True

    async def _output(self, timeout_seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
        until = time.monotonic() + timeout_seconds
        while True:
            left = max(0.01, until - time.monotonic())
            message: dict[str, Any] = await self._link.receive_output(timeout=left)
            if not self._is_passed_over(message):
                return message

    def _is_passed_over(self, message: dict[str, Any]) -> bool:
        return message.get("text") == HEARTBEAT and not self.hears_heartbeats


def _cookie(user: User) -> tuple[bytes, bytes]:
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode()
