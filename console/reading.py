"""Reading replies, no more of them than a page can show.

A reply above the bounds is cut: its reader has what fitted and the size of the rest, and the
connection is of no further use, because the rest is still on its way.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from console.replies import Bulk, Failure, Kind, Many, Nil, Number, Reply, Status, Truth

LINE_BYTES = 64 * 1024
DEPTH = 64


@dataclass(frozen=True, slots=True)
class Bounds:
    elements: int = 10_000
    bytes: int = 512 * 1024


class BrokenReply(Exception):
    """What came is no reply of any version of the protocol."""


class Reading:
    """The way through one reply."""

    def __init__(self, stream: asyncio.StreamReader, bounds: Bounds) -> None:
        self._stream = stream
        self._elements_left = bounds.elements
        self._bytes_left = bounds.bytes
        self.was_cut = False

    async def reply(self, depth: int = 0) -> Reply:
        """Read one reply. Raises BrokenReply, and what the stream raises at its end."""
        while True:
            line = await self._line()
            kind, rest = line[:1], line[1:]
            if kind != b"|":
                return await self._of_kind(kind, rest, depth)
            await self._many("map", 2 * _number(rest), depth)  # attributes: nothing that we show

    async def _of_kind(self, kind: bytes, rest: bytes, depth: int) -> Reply:
        if kind in _SIMPLE:
            self._bytes_left = max(0, self._bytes_left - len(rest))
            return _SIMPLE[kind](rest)
        size = _number(rest)
        if size < 0:
            return Nil()
        if kind in _MANY:
            return await self._many(_MANY[kind], size * 2 if kind == b"%" else size, depth)
        if kind == b"!":
            return Failure((await self._bulk(size)).data)
        if kind == b"=":
            return _text(await self._bulk(size))
        if kind == b"$":
            return await self._bulk(size)
        raise BrokenReply

    async def _many(self, kind: Kind, size: int, depth: int) -> Many:
        items: list[Reply] = []
        while len(items) < size and not self.was_cut:
            if 0 in (self._elements_left, self._bytes_left) or depth == DEPTH:
                self.was_cut = True
                break
            self._elements_left -= 1
            items.append(await self.reply(depth + 1))
        return Many(tuple(items), size, kind)

    async def _bulk(self, size: int) -> Bulk:
        if size > self._bytes_left:
            self.was_cut = True
            return Bulk(await self._stream.readexactly(self._bytes_left), size)
        self._bytes_left -= size
        data = await self._stream.readexactly(size + 2)
        return Bulk(data[:-2], size)

    async def _line(self) -> bytes:
        """Read a line; one that is too long loses its end, but not its place."""
        kept = b""
        while True:
            try:
                kept += await self._stream.readuntil(b"\r\n")
                return kept[:-2][:LINE_BYTES]
            except asyncio.LimitOverrunError as error:
                kept = (kept + await self._stream.readexactly(error.consumed))[:LINE_BYTES]


def _number(text: bytes) -> int:
    try:
        return int(text)
    except ValueError:
        raise BrokenReply from None


def _text(bulk: Bulk) -> Bulk:
    """Take the format, three letters and a colon, off a verbatim string."""
    return Bulk(bulk.data[4:], bulk.size - 4, is_text=True)


_SIMPLE: dict[bytes, Callable[[bytes], Reply]] = {
    b"+": Status,
    b"-": Failure,
    b":": Number,
    b",": lambda rest: Number(rest, "double"),
    b"(": lambda rest: Number(rest, "big"),
    b"#": lambda rest: Truth(rest == b"t"),
    b"_": lambda _: Nil(),
}
_MANY: dict[bytes, Kind] = {b"*": "array", b"~": "set", b"%": "map", b">": "push"}
