"""HTTP itself, where no application is asked yet."""

import asyncio
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar

import httptools
from django.conf import settings
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from redisgate.lib import leaving
from redisgate.lib.http_sweeper import sweeper_of
from redisgate.lib.units import MEGABYTE


class Parser(httptools.HttpRequestParser):
    """The parser, but an upgrade that we don't offer leaves the request as it is.

    By itself it takes what follows the head for another protocol, and the body would be lost.
    Java's HttpClient asks for h2c with every first request; RFC 9110, 7.8 lets us ignore that.
    """

    def __init__(self, protocol: object, head_without_upgrade: Callable[[], bytes | None]) -> None:
        self._protocol = protocol
        self._head_without_upgrade = head_without_upgrade
        self._begin()

    def _begin(self) -> None:
        super().__init__(self._protocol)
        self.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn does

    def feed_data(self, data: bytes) -> None:  # type: ignore[override]  # asyncio gives bytes
        while True:
            try:
                super().feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                head = self._head_without_upgrade()
                if head is None:
                    raise
                data = head + data[upgrade.args[0] :]
                self._begin()  # of a request that is to be the last it would take nothing more
            else:
                return


class HttpProtocol(HttpToolsProtocol):
    """Uvicorn's protocol that refuses in JSON, doesn't wait for ever, and leaves politely.

    Clients of the command API repeat what was not answered in JSON, writes included.
    """

    head_seconds: ClassVar[float] = 15.0
    """How long the head of a request may take, so that nobody holds a connection with half."""
    sweep_seconds: ClassVar[float] = 0.5
    linger_seconds: ClassVar[float] = 1.0
    """How long a connection that waits for a request outlives the order to stop.

    Closed at once, it would meet requests that are already on their way.
    """
    connections_max: ClassVar[int] = settings.WEB_CONNECTIONS
    """How many connections a worker serves; the next ones are told to come again."""
    unread_seconds: ClassVar[float] = 30.0
    """How long an answer may lie here of which the client reads nothing."""
    unread_bytes_max: ClassVar[int] = 256 * MEGABYTE
    """How much of all answers of a worker may lie here unread before some are dropped."""

    # Found sooner than in a dict, and uvicorn's own about fill what Python keeps short ones in.
    __slots__ = (
        "_head_since",
        "_is_leaving",
        "_is_one_too_many",
        "_quiet_since",
        "_sweeper",
        "_was_used",
        "unread_bytes",
        "unread_since",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unread_bytes = 0
        self.unread_since = 0.0
        self._head_since: float | None = None
        self._quiet_since = 0.0
        self._was_used = self._is_leaving = self._is_one_too_many = False
        self.parser = Parser(self, self._head_without_upgrade)
        self._sweeper = sweeper_of(
            self.server_state,
            self.loop,
            seconds=self.sweep_seconds,
            unread_bytes_max=self.unread_bytes_max,
        )

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._quiet_since = self.loop.time()
        self._is_one_too_many = len(self.connections) > self.connections_max
        self._sweeper.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._sweeper.discard(self)
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        if self.transport.is_closing():
            return
        self._sweeper.discard(self)
        super().handle_websocket_upgrade()
        protocol: Any = self.transport.get_protocol()
        if not protocol.handshake_initiated:
            # It read no handshake in this head, says nothing, and would keep the connection.
            self.refuse(HTTPStatus.BAD_REQUEST, "This is no WebSocket handshake.")

    def _should_upgrade(self) -> bool:
        # RFC 6455, 4.1 has only GET begin one. It takes the connection over, so that an earlier
        # request would never be answered.
        return (
            self.parser.get_method() == b"GET" and not self.is_busy() and super()._should_upgrade()
        )

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_since = self.loop.time()

    def on_headers_complete(self) -> None:
        if self.parser.should_upgrade() and self._is_upgrade_ignored():
            return  # the same head comes again without it
        self._head_since = None
        self._was_used = True
        if self._is_one_too_many:
            self.refuse(HTTPStatus.SERVICE_UNAVAILABLE, "Too many connections. Try again.")
        else:
            self.take_head()

    def take_head(self) -> None:
        """Begin a request whose head is complete."""
        super().on_headers_complete()
        if self._is_leaving and self.cycle is not None:
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        if not self._is_one_too_many:
            super().on_body(body)

    def on_message_complete(self) -> None:
        if not self._is_upgrade_ignored() and not self._is_one_too_many:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._unset_keepalive_if_required()  # the sweeper sees to it
        self._quiet_since = self.loop.time()

    def is_in_application(self) -> bool:
        """Tell whether the application is answering a request."""
        return self.cycle is not None and not self.cycle.response_complete

    def is_busy(self) -> bool:
        """Tell whether a request is being answered."""
        return self.is_in_application()

    def shutdown(self) -> None:
        """Finish what is under way, and take one request more where one may be on its way."""
        # The first that a worker about to end does to each connection; a stream has no other end.
        leaving.announce()
        self._is_leaving = True
        if self.is_in_application():
            self.cycle.keep_alive = False
        elif not self.is_busy():
            self.loop.call_later(self.linger_seconds, self._leave)

    def is_receiving(self) -> bool:
        """Tell whether a part of a request is here that nobody answers yet."""
        return self._head_since is not None

    def _leave(self) -> None:
        if not self.is_busy() and not self.is_receiving():
            self.transport.close()

    def sweep(self, now: float) -> None:
        """End the connection when its client is too slow, or silent for too long."""
        if self._is_left_unread(now):
            self.drop()
        else:
            self.sweep_request(now)

    def drop(self) -> None:
        """End now; a close would wait for the client to read."""
        self.transport.abort()

    def _is_left_unread(self, now: float) -> bool:
        unread_bytes = self.transport.get_write_buffer_size()
        if unread_bytes < self.unread_bytes or not self.unread_bytes:
            self.unread_since = now
        self.unread_bytes = unread_bytes
        return unread_bytes > 0 and now - self.unread_since > self.unread_seconds

    def sweep_request(self, now: float) -> None:
        """Look at the request that is coming, or isn't."""
        if self.is_busy():
            self._quiet_since = now
            # The next request is half here already; its time counts from the answer to this one.
            self._head_since = self._head_since and now
        elif self._head_since is not None:
            if now - self._head_since > self.head_seconds:
                self._refuse_slow()
        elif now - self._quiet_since > self._quiet_seconds():
            self.transport.close()

    def _quiet_seconds(self) -> float:
        return self.timeout_keep_alive if self._was_used else self.head_seconds

    def _refuse_slow(self) -> None:
        self.refuse(HTTPStatus.REQUEST_TIMEOUT, "The request did not arrive in time.")

    def send_400_response(self, msg: str) -> None:
        self.refuse(HTTPStatus.BAD_REQUEST, msg)

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

    def refuse(self, status: HTTPStatus, words: str) -> None:
        """Refuse what no application is asked about, and close."""
        self.end_with(refusal(status, words))

    def end_with(self, answer: bytes) -> None:
        """Say these last words and close."""
        if self.is_in_application() and not self._is_silent_about_half():
            # They would be spoken into the answer that is under way; the end says enough.
            self.cycle.keep_alive = False
            self.flow.pause_reading()
        else:
            self.transport.write(answer)
            self.transport.close()

    def _is_silent_about_half(self) -> bool:
        """Tell whether all that is open is a request whose body is on its way."""
        cycle = self.cycle
        return cycle.more_body and not cycle.response_started and not self.pipeline


def refusal(status: HTTPStatus, words: str) -> bytes:
    """Write a whole answer that no application has a part in."""
    body = json.dumps({"error": f"ERR {words}"}).encode("ascii")
    retry = "Retry-After: 1\r\n" if status is HTTPStatus.SERVICE_UNAVAILABLE else ""
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\n"
        "Content-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n"
        f"Cache-Control: no-store\r\n{retry}"
        "Connection: close\r\n\r\n"
    )
    return head.encode("ascii") + body
