"""Responses as HTTP/1.1, byte for byte as the other door's server writes them."""

from typing import Protocol

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from gateway.call import Head
from gateway.core import JSON, Response
from gateway.headers import NUMBERS, TELLING, id_prefix, response_headers

Pairs = list[tuple[bytes, bytes]]


class ServerState(Protocol):
    """What we need of uvicorn's: the headers of every answer, made anew each second."""

    default_headers: Pairs


class Writer:
    """Write the responses of one server."""

    def __init__(self, state: ServerState) -> None:
        self._state = state
        self._defaults: Pairs | None = None
        self._openings: dict[int, bytes] = {}
        self._opening = self._between = self._rest = b""

    def write(self, head: Head, response: Response, *, is_last: bool) -> bytes:
        """Give status line, headers and body; ``is_last`` says that the connection ends."""
        if (
            response.status != 200
            or is_last
            or not TELLING.isdisjoint(head.headers)
            or head.method == "HEAD"
            or response.content_type != JSON
        ):
            return self._write_any(head, response, is_last=is_last)
        allowance = response.allowance
        return self.write_plain(b"" if allowance is None else allowance.lines, response.body)

    def write_plain(self, lines: bytes, body: bytes) -> bytes:
        """Do what ``write`` does for a body with status 200 to a common head."""
        if self._state.default_headers is not self._defaults:
            self._renew()
        size, number = len(body), b"%x" % next(NUMBERS)
        opening = self._openings.get(size) or self._open(size)
        return b"".join((opening, number, self._between, number, self._rest, lines, b"\r\n", body))

    def _open(self, size: int) -> bytes:
        opening = self._openings[size] = self._opening % size
        return opening

    def _write_any(self, head: Head, response: Response, *, is_last: bool) -> bytes:
        if self._state.default_headers is not self._defaults:
            self._renew()
        named = response_headers(response, head.headers)
        lines = [STATUS_LINE[response.status], *map(_line, self._defaults or ())]
        lines += [f"{name.lower()}: {value}\r\n".encode("latin-1") for name, value in named.items()]
        lines.append(b"connection: close\r\n\r\n" if is_last else b"\r\n")
        if head.method != "HEAD":
            lines.append(response.body)
        return b"".join(lines)

    def _renew(self) -> None:
        """Make the pieces of plain responses, between their two ids and the allowance."""
        self._defaults = self._state.default_headers
        named = response_headers(Response(200, b""), {})
        named |= dict.fromkeys(("X-Request-Id", "Upstash-Sync-Token"), f"{id_prefix()}\0")
        named["Content-Length"] = "%d"
        lines = [STATUS_LINE[200], *map(_line, self._defaults)]
        lines += [f"{name.lower()}: {value}\r\n".encode("latin-1") for name, value in named.items()]
        self._opening, self._between, self._rest = b"".join(lines).split(b"\0")
        self._openings = {}


def _line(pair: tuple[bytes, bytes]) -> bytes:
    return b"%b: %b\r\n" % pair
