"""What the web server itself refuses, over a bare socket."""

import json
import socket
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from tests.platform import Platform

PATH = f"/redis/{uuid4()}".encode()
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
    with socket.create_connection((where.hostname, where.port), timeout=5) as link:
        link.sendall(NO_HTTP[name])
        answer = b"".join(iter(lambda: link.recv(4096), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"Content-Type: application/json" in head
    assert json.loads(body)["error"].startswith("ERR ")
