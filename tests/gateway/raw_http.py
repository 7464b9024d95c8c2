"""HTTP by hand: connections on which every byte is the test's own."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

import httpx
import orjson

ANSWER_SECONDS = 90.0


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def json(self) -> object:
        return orjson.loads(self.body)

    @property
    def error(self) -> str:
        answer = self.json
        assert isinstance(answer, dict)
        assert list(answer) == ["error"]
        return str(answer["error"])

    @property
    def is_replayed(self) -> bool:
        return "true" in self.headers.get_list("Idempotency-Replayed")


class Wire:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.writer.write(piece)
            await self.writer.drain()

    async def answer(self) -> Answer:
        """Read one answer, interim ones (1xx) included."""
        async with asyncio.timeout(ANSWER_SECONDS):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            pairs = (line.partition(":") for line in head[1:] if line)
            headers = httpx.Headers([(name, value.strip()) for name, _, value in pairs])
            body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        return Answer(int(head[0].split()[1]), headers, body)

    async def exchange(self, request: bytes) -> Answer:
        """Send a request and read its answer."""
        await self.send(request)
        return await self.answer()

    async def rest(self) -> bytes:
        """Read until the server closes."""
        async with asyncio.timeout(ANSWER_SECONDS):
            try:
                return await self.reader.read()
            except ConnectionError:
                return b""

    def vanish(self) -> None:
        """Leave without a word."""
        self.writer.transport.abort()

    async def close(self) -> None:
        await hang_up(self.writer)


async def connect(port: int) -> Wire:
    return Wire(*await asyncio.open_connection("127.0.0.1", port))


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close a connection and wait until it is closed."""
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
