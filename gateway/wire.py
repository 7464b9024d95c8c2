"""Responses as HTTP/1.1, byte for byte as the other door's server writes them."""

from typing import Protocol

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from gateway.allowance import Allowance
from gateway.call import Head
from gateway.core import JSON, Response
from gateway.headers import NUMBERS, id_prefix, response_headers

Pairs = list[tuple[bytes, bytes]]


class ServerState(Protocol):
    """What we need of uvicorn's: the headers of every answer, made anew each second."""

    default_headers: Pairs


class Writer:
    """Write the responses of one server."""

    def __init__(self, state: ServerState) -> None:
        self._state = state
        self._defaults: Pairs | None = None
        self._plain = b""

    def write(self, head: Head, response: Response, *, is_last: bool) -> bytes:
        """Give status line, headers and body; ``is_last`` says that the connection ends."""
        if self._state.default_headers is not self._defaults:
            self._renew()
        if (
            response.status != 200
            or is_last
            or b"x-request-id" in head.headers
            or head.method == "HEAD"
            or response.content_type != JSON
        ):
            return self._write_any(head, response, is_last=is_last)
        body, allowance, number = response.body, response.allowance, next(NUMBERS)
        lines = b"" if allowance is None else allowance.lines
        return self._plain % (len(body), number, number, lines, body)

    def write_plain(self, allowance: Allowance, body: bytes) -> bytes:
        """Do what ``write`` does for a body with status 200 to a common head."""
        if self._state.default_headers is not self._defaults:
            self._renew()
        number = next(NUMBERS)
        return self._plain % (len(body), number, number, allowance.lines, body)

    def _write_any(self, head: Head, response: Response, *, is_last: bool) -> bytes:
        request_id = head.headers.get(b"x-request-id", b"").decode("latin-1")
        named = response_headers(response, request_id=request_id)
        lines = [STATUS_LINE[response.status], *map(_line, self._defaults or ())]
        lines += [f"{name.lower()}: {value}\r\n".encode("latin-1") for name, value in named.items()]
        lines.append(b"connection: close\r\n\r\n" if is_last else b"\r\n")
        if head.method != "HEAD":
            lines.append(response.body)
        return b"".join(lines)

    def _renew(self) -> None:
        """Make the template of plain responses: length, two ids, allowance and body."""
        self._defaults = self._state.default_headers
        named = response_headers(Response(200, b""), request_id="")
        named |= {"Content-Length": "%d", "X-Request-Id": f"{id_prefix()}%x"}
        named["Upstash-Sync-Token"] = f"{id_prefix()}%x"
        lines = [STATUS_LINE[200], *map(_line, self._defaults)]
        lines += [f"{name.lower()}: {value}\r\n".encode("latin-1") for name, value in named.items()]
        self._plain = b"".join([*lines, b"%b\r\n%b"])


def _line(pair: tuple[bytes, bytes]) -> bytes:
    return b"%b: %b\r\n" % pair
