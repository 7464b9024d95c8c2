"""HTTP itself, where no application is asked yet."""

import asyncio
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 15.0
"""How long the head of a request may take, so that nobody holds connections with half of one."""


class Parser(httptools.HttpRequestParser):
    """The parser, but an upgrade that we don't offer leaves the request as it is.

    By itself it takes what follows the head for another protocol, and the body would be lost.
    Java's HttpClient asks for h2c with every first request; RFC 9110, 7.8 lets us ignore that.
    """

    def __init__(self, protocol: object, head_without_upgrade: Callable[[], bytes | None]) -> None:
        super().__init__(protocol)
        self._head_without_upgrade = head_without_upgrade

    def feed_data(self, data: bytes) -> None:  # type: ignore[override]  # asyncio gives bytes
        while True:
            try:
                super().feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                head = self._head_without_upgrade()
                if head is None:
                    raise
                data = head + data[upgrade.args[0] :]
            else:
                return


class HttpProtocol(HttpToolsProtocol):
    """Uvicorn's protocol that refuses in JSON, and doesn't wait for ever.

    Clients of the command API repeat what was not answered in JSON, writes included.
    """

    _is_head_begun = False
    _head_deadline: asyncio.TimerHandle | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parser = Parser(self, self._head_without_upgrade)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn does

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_head_begun = True
        if self._head_deadline is None:
            self._await_head()

    def on_headers_complete(self) -> None:
        if self._is_upgrade_ignored():
            return  # the same head comes again without it
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        if not self._is_upgrade_ignored():
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        self._refuse(HTTPStatus.BAD_REQUEST, msg)

    def _is_upgrade_ignored(self) -> bool:
        if not self.parser.should_upgrade() or self._should_upgrade():
            return False
        return any(name == b"upgrade" for name, _ in self.headers)  # CONNECT comes without

    def _head_without_upgrade(self) -> bytes | None:
        """Write the head anew, or return None where it is no upgrade that we ignore."""
        if not self._is_upgrade_ignored():
            return None
        version = self.parser.get_http_version().encode("ascii")
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, version)]
        lines += [b"%s: %s" % header for header in self.headers if header[0] != b"upgrade"]
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def _await_head(self) -> None:
        self._head_deadline = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        self._is_head_begun = False
        if self._head_deadline is not None:
            self._head_deadline.cancel()
            self._head_deadline = None

    def _give_up(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._await_head()  # an earlier request is being answered; don't speak into it
        elif self._is_head_begun:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "The request did not arrive in time.")
        else:
            self.transport.close()

    def _refuse(self, status: HTTPStatus, words: str) -> None:
        body = json.dumps({"error": f"ERR {words}"}).encode("ascii")
        head = (
            f"HTTP/1.1 {status.value} {status.phrase}\r\n"
            "Content-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n"
            "Cache-Control: no-store\r\n"
            "Connection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()
