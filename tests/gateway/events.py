"""An open stream as a test reads it: the very bytes, and the events as browsers see them."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import h11

PATIENCE_SECONDS = 90.0


@dataclass
class Event:
    """One event, parsed as the HTML standard says."""

    data: str
    name: str = "message"
    id: str = ""
    retry: int | None = None


@dataclass
class Events:
    """A connection of its own whose answer has begun."""

    status: int
    headers: Mapping[str, str]
    writer: asyncio.StreamWriter = field(repr=False)
    reader: asyncio.StreamReader = field(repr=False)
    http: h11.Connection = field(repr=False)
    bytes_read: bytes = b""
    has_ended: bool = False
    _unparsed: str = ""

    async def read_more(self) -> None:
        """Wait for some more bytes, or for the end."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                found = self.http.next_event()
                if found is h11.NEED_DATA:
                    self.http.receive_data(await self.reader.read(65536))
                elif isinstance(found, h11.Data):
                    self.bytes_read += found.data
                    self._unparsed += found.data.decode()
                    return
                else:
                    self.has_ended = True
                    return

    async def block(self) -> str:
        """Wait for what comes up to the next blank line: an event or a comment."""
        while "\n\n" not in self._unparsed and not self.has_ended:
            await self.read_more()
        block, _, self._unparsed = self._unparsed.partition("\n\n")
        return block

    async def next(self) -> Event:
        """Wait for an event; comments are passed over."""
        while True:
            event = parse(await self.block())
            if event is not None:
                return event
            assert not self.has_ended, self.bytes_read

    async def data(self, count: int) -> list[str]:
        return [(await self.next()).data for _ in range(count)]

    async def rest(self) -> bytes:
        """Wait for the end, and give all there was."""
        while not self.has_ended:
            await self.read_more()
        return self.bytes_read

    async def leave(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()


def parse(block: str) -> Event | None:
    """Read one event as a browser does, or return None for a comment."""
    event, lines = Event(""), list[str]()
    for line in block.split("\n"):
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            lines.append(value)
        elif name == "event":
            event.name = value
        elif name == "id":
            event.id = value
        elif name == "retry":
            event.retry = int(value)
    event.data = "\n".join(lines)
    return event if lines else None


@asynccontextmanager
async def opened(
    port: int, path: str, *, method: str = "GET", **headers: str
) -> AsyncIterator[Events]:
    """Ask for a stream, and wait for the head of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    http = h11.Connection(h11.CLIENT)
    all_headers = {"Host": "x", "Content-Length": "0", **headers}
    pairs = [(name.encode(), value.encode()) for name, value in all_headers.items()]
    request = h11.Request(method=method, target=path, headers=pairs)
    writer.write(http.send(request) or b"")
    writer.write(http.send(h11.EndOfMessage()) or b"")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (head := http.next_event()) is h11.NEED_DATA:
            http.receive_data(await reader.read(65536))
    assert isinstance(head, h11.Response), head
    found = {name.decode(): value.decode() for name, value in head.headers}
    try:
        yield Events(head.status_code, found, writer, reader, http)
    finally:
        writer.close()
