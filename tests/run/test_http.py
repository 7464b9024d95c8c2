"""What the web server itself refuses, over a bare socket."""

import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from gateway.asgi_limits import Receive, Scope, Send
from redisgate.asgi import application
from redisgate.lib.http_protocol import HttpProtocol
from tests.platform import Platform
from tests.served import served

PATH = b"/redis/00000000-0000-4000-8000-000000000000"
BODY = b'["PING"]'

NO_HTTP = {
    "unknown method": b"FROB " + PATH + b" HTTP/1.1\r\n\r\n",
    "negative length": b"POST " + PATH + b" HTTP/1.1\r\nContent-Length: -1\r\n\r\n" + BODY,
    "length that is no number": b"POST " + PATH + b" HTTP/1.1\r\nContent-Length: 1e3\r\n\r\n",
    "two lengths": b"POST " + PATH + b" HTTP/1.1\r\nContent-Length: 8\r\nContent-Length: 9\r\n\r\n",
    "length and chunks": (
        b"POST " + PATH + b" HTTP/1.1\r\nContent-Length: 8\r\nTransfer-Encoding: chunked\r\n\r\n"
    ),
    "broken chunk": b"POST " + PATH + b" HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "bytes in the path": b"GET " + PATH + b"/echo/\xff\xfe HTTP/1.1\r\n\r\n",
    "control character in a header": b"GET " + PATH + b" HTTP/1.1\r\nX-A: a\x0bb\r\n\r\n",
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01",
}


@pytest.mark.parametrize("name", NO_HTTP)
def test_what_is_no_http_is_refused_in_json(platform: Platform, name: str) -> None:
    where = urlsplit(platform.url)
    with socket.create_connection((where.hostname, where.port), timeout=60) as link:
        link.sendall(NO_HTTP[name])
        answer = b"".join(iter(lambda: link.recv(4096), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"Content-Type: application/json" in head
    assert json.loads(body)["error"].startswith("ERR ")


H2C = (
    b"POST " + PATH + b" HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: %d\r\n"
    b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
    b"HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n"
)
"""As Java's HttpClient asks."""


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the request's body, as far as it comes."""
    body, is_complete = b"", False
    while not is_complete:
        message = await receive()
        body, is_complete = body + message["body"], not message["more_body"]
    headers = [(b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.mark.parametrize("cut", [10, 150, 300, 10_000])
def test_upgrade_that_is_not_offered_is_ignored_and_the_body_kept(cut: int) -> None:
    sent = [
        H2C % 1 + b"Content-Length: 8\r\n\r\n" + BODY,
        H2C % 2 + b"Transfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n2\r\nef\r\n0\r\n\r\n",
        H2C % 3 + b"Content-Length: 0\r\n\r\n",
        b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
    ]
    stream = b"".join(sent)
    with (
        served(echo, http=HttpProtocol) as port,
        socket.create_connection(("127.0.0.1", port), timeout=60) as link,
    ):
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(stream), cut):
            link.sendall(stream[start : start + cut])
        answer = b"".join(iter(lambda: link.recv(4096), b""))
    bodies = [part.split(b"HTTP/1.1 ")[0] for part in answer.split(b"\r\n\r\n")[1:]]
    assert bodies == [BODY, b"abcdef", b"", b""]
    assert answer.count(b"HTTP/1.1 200 OK") == 4


def test_command_of_a_client_that_asks_for_h2c_is_understood(platform: Platform) -> None:
    where = urlsplit(platform.url)
    with socket.create_connection((where.hostname, where.port), timeout=60) as link:
        link.sendall(H2C % 1 + b"Content-Length: 8\r\n\r\n" + BODY)
        answer = link.recv(4096)
    assert answer.startswith(b"HTTP/1.1 401 Unauthorized\r\n")


HANDSHAKE = (
    b" HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)


def test_websocket_handshake_by_post_is_an_ordinary_request(platform: Platform) -> None:
    sent = b"POST " + PATH + HANDSHAKE + b"Content-Length: 8\r\n\r\n" + BODY
    where = urlsplit(platform.url)
    with socket.create_connection((where.hostname, where.port), timeout=60) as link:
        link.sendall(sent)
        answer = link.recv(4096)
    assert answer.startswith(b"HTTP/1.1 401 Unauthorized\r\n")


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
@pytest.mark.parametrize("protocol", [b"h2c", b"websocket"])
def test_upgrade_that_is_ignored_may_be_asked_for_with_the_last_request(
    platform: Platform, version: bytes, protocol: bytes
) -> None:
    where = urlsplit(platform.url)
    with socket.create_connection((where.hostname, where.port), timeout=60) as link:
        link.sendall(
            b"POST " + PATH + b" HTTP/" + version + b"\r\nConnection: Upgrade, close\r\n"
            b"Upgrade: " + protocol + b"\r\nContent-Length: 8\r\n\r\n" + BODY
        )
        answer = b"".join(iter(lambda: link.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 401 Unauthorized\r\n")


@pytest.mark.parametrize("lines", [b"X-A: " + b"a" * 10_000 + b"\r\n", b"X-A: a\r\n" * 200])
def test_websocket_handshake_that_nobody_can_read_is_refused(
    platform: Platform, lines: bytes
) -> None:
    where = urlsplit(platform.url)
    with socket.create_connection((where.hostname, where.port), timeout=60) as link:
        link.sendall(b"GET /ws" + HANDSHAKE + lines + b"\r\n")
        answer = b"".join(iter(lambda: link.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"no WebSocket handshake" in answer


def test_websocket_handshake_does_not_swallow_the_answer_before_it(platform: Platform) -> None:
    key = b"Authorization: Bearer looked-up\r\n"
    command = b"POST " + PATH + b" HTTP/1.1\r\n" + key + b"Content-Length: 8\r\n\r\n" + BODY
    where = urlsplit(platform.url)
    with socket.create_connection((where.hostname, where.port), timeout=60) as link:
        last = HANDSHAKE.replace(b": Upgrade\r\n", b": Upgrade, close\r\n")
        link.sendall(command + b"GET " + PATH + b"/ping" + last + b"\r\n")
        answer = b"".join(iter(lambda: link.recv(4096), b""))
    assert answer.count(b"HTTP/1.1 401 Unauthorized\r\n") == 2


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Serve with little patience; give the port."""
    monkeypatch.setattr(HttpProtocol, "head_seconds", 0.3)
    monkeypatch.setattr(HttpProtocol, "sweep_seconds", 0.05)
    monkeypatch.setattr("gateway.asgi_limits.BODY_SECONDS", 0.3)
    with served(application, http=HttpProtocol) as port:
        yield port


@pytest.mark.parametrize(
    "sent",
    [
        b"POST " + PATH,
        b"POST " + PATH + b" HTTP/1.1\r\nContent-Length: 8\r\n",
        b"POST " + PATH + b" HTTP/1.1\r\nContent-Length: 80\r\n\r\n" + BODY,
        b"POST " + PATH + b" HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n[",
        b"POST /auth/login HTTP/1.1\r\nContent-Length: 80\r\n\r\n{",
    ],
)
def test_half_a_request_is_refused_in_time(impatient: int, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", impatient), timeout=60) as link:
        link.sendall(sent)
        answer = b"".join(iter(lambda: link.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert b"did not arrive in time" in answer


def test_connection_that_says_nothing_is_closed_in_time(impatient: int) -> None:
    with socket.create_connection(("127.0.0.1", impatient), timeout=60) as link:
        assert link.recv(1) == b""
