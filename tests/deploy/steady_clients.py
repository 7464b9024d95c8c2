"""Clients that ask again and again over connections that they keep, and bear no failed request."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from tests.waiting import until

CLIENTS = 50
PAUSE_SECONDS = 0.02
"""Leaves the machine to those who start meanwhile."""


@asynccontextmanager
async def steady_clients(kit: Mapping[str, str]) -> AsyncIterator[None]:
    """Ask an instance for echoes, from before something happens until after it."""
    is_over, answered = asyncio.Event(), 0

    async def ask_on(number: int) -> None:
        nonlocal answered
        client = _Client(kit["url"], kit["token"])
        while not is_over.is_set():
            word = f"{number}-{answered}"
            assert await client.ask(["ECHO", word]) == {"result": word}
            answered += 1
            await asyncio.sleep(PAUSE_SECONDS)
        client.close()

    async with asyncio.TaskGroup() as group:
        for number in range(CLIENTS):
            group.create_task(ask_on(number))
        try:
            await _some_more(lambda: answered)
            yield
            await _some_more(lambda: answered)
        finally:
            is_over.set()


async def _some_more(answered: Callable[[], int]) -> None:
    """Wait until each client had ten answers more, on average."""
    since = answered()
    await until(lambda: answered() > since + 10 * CLIENTS)


class _Client:
    """HTTP/1.1 as any client speaks it, without trying anything twice."""

    def __init__(self, url: str, token: str) -> None:
        place = urlsplit(url)
        self._host, self._port = place.hostname, place.port
        self._head = (
            f"POST {place.path} HTTP/1.1\r\nHost: {place.netloc}\r\n"
            f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\n"
        )
        self._link: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, command: list[str]) -> object:
        if self._link is None:
            self._link = await asyncio.open_connection(self._host, self._port)
        reader, writer = self._link
        body = json.dumps(command)
        writer.write(f"{self._head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        answer: object = json.loads(await reader.readexactly(length))
        if b"connection: close" in head:
            self.close()
        return answer

    def close(self) -> None:
        if self._link is not None:
            self._link[1].close()
        self._link = None
