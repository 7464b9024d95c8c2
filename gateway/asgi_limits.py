"""The limit of bodies, in front of everything that would buffer one or write it to a disk.

A body that ends because the client went away is not a body: nothing of it is executed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from gateway import core
from gateway.errors import BodyTooSlow, RequestTooLarge
from gateway.headers import response_headers
from redisgate.lib.errors import RedisGateError

Scope = dict[str, Any]
Message = Mapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Refusal = tuple[int, Mapping[str, str], bytes]
"""Status, headers and body."""

# A client that is still sending may not see an answer; so a body somewhat too large is read on.
DISCARDED_BYTES = 32 * 1024 * 1024
# A body may take this long, and longer as far as it keeps coming.
BODY_SECONDS = 15.0
BYTES_PER_SECOND_MIN = 16 * 1024


class BodyLimit:
    """Give the app bodies that are complete and within the limit; ``refusal`` words the rest."""

    def __init__(
        self, app: App, limit_bytes: int, refusal: Callable[[Scope, RedisGateError], Refusal]
    ) -> None:
        self._app = app
        self._limit_bytes = limit_bytes
        self._discarded_bytes_max = max(DISCARDED_BYTES, limit_bytes)
        self._refusal = refusal

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        announced, too_large = _announced_bytes(scope), RequestTooLarge(self._limit_bytes)
        # Whoever asks first (Expect: 100-continue) needn't send it at all.
        is_asking = announced > self._limit_bytes and b"expect" in dict(scope["headers"])
        if announced > self._discarded_bytes_max or is_asking:
            await self._refuse(scope, send, too_large)
            return
        try:
            body = await self._read(receive, is_too_large=announced > self._limit_bytes)
        except TimeoutError:
            await self._refuse(scope, send, BodyTooSlow())
            return
        if body is None:
            await self._refuse(scope, send, too_large)
        elif body is not _GONE:
            await self._app(scope, _replay(body, receive), send)

    async def _read(self, receive: Receive, *, is_too_large: bool) -> bytes | None:
        """Give the body, ``_GONE`` when the client left, or None when it is too large.

        Raises TimeoutError when it drips.
        """
        chunks: list[bytes] = []
        size = 0
        started_at = asyncio.get_running_loop().time()
        async with asyncio.timeout(BODY_SECONDS) as patience:
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return _GONE
                chunk = message.get("body", b"")
                size += len(chunk)
                if size > self._limit_bytes:
                    is_too_large = True
                    chunks.clear()
                if not is_too_large:
                    chunks.append(chunk)
                if not message.get("more_body", False) or size > self._discarded_bytes_max:
                    return None if is_too_large else b"".join(chunks)
                patience.reschedule(started_at + BODY_SECONDS + size / BYTES_PER_SECOND_MIN)

    async def _refuse(self, scope: Scope, send: Send, error: RedisGateError) -> None:
        status, headers, body = self._refusal(scope, error)
        named = {**headers, "Connection": "close"}
        pairs = [(name.lower().encode(), value.encode()) for name, value in named.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        await send({"type": "http.response.body", "body": body})


def command_refusal(scope: Scope, error: RedisGateError) -> Refusal:
    """Refuse in the words of the command API."""
    response = core.refused(error)
    return response.status, response_headers(response, dict(scope["headers"])), response.body


_GONE = b"\0 the client went away"


def _announced_bytes(scope: Scope) -> int:
    text = dict(scope["headers"]).get(b"content-length", b"")
    # Any number of zeros may come first, but Python reads only so many digits.
    return int(text.lstrip(b"0") or b"0") if text.isdigit() else 0


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give the whole body as one message, then whatever the server says further."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return messages.pop() if messages else await receive()

    return replay
