"""Streams that go on in another worker than the one that listens.

A browser that comes back reaches any worker. The one it reaches asks the one that holds the
feed, over a unix socket in a directory that nobody else may enter, and passes its events on.
So nothing is lost or doubled: only one connection to the server listens, before and after.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import UUID

import orjson

from gateway import sse
from gateway.core import Stream
from gateway.feeds import Subscription

CHUNK_BYTES = 64 * 1024
ASKING_SECONDS = 2.0
FOUND = b"+"
ENDED = "this stream has ended, please connect again"

log = logging.getLogger("redisgate.gateway")

Resume = Callable[[Subscription, str, str], Stream | None]


class Handover:
    """One worker's door for the others. ``directory`` must be private to the platform."""

    def __init__(self, directory: Path, name: str, resume: Resume) -> None:
        self._directory = directory
        self._name = name
        self._resume = resume
        self._server: asyncio.Server | None = None
        self._starting = asyncio.Lock()
        self._given: set[asyncio.Task[None]] = set()
        self._borrowed: set[Borrowed] = set()

    def _path(self, name: str) -> str:
        return str(self._directory / f"{name}.streams")

    def _remove(self) -> None:
        Path(self._path(self._name)).unlink(missing_ok=True)

    async def listen(self) -> None:
        """Let the others ask from now on; nothing to be done the second time."""
        async with self._starting:
            if self._server is not None:
                return
            path = self._path(self._name)
            try:
                self._server = await asyncio.start_unix_server(self._answer, path)
            except OSError as error:
                log.warning("streams can't go on in other workers: %s: %s", path, error)

    async def ask(
        self, name: str, subscription: Subscription, last_event_id: str, client: str
    ) -> "Borrowed | None":
        """Go on with a feed that another worker holds; None when it doesn't, or isn't there."""
        question = orjson.dumps(
            {
                "instance": str(subscription.instance_id),
                "acl_user": subscription.acl_user,
                "words": [word.decode("latin-1") for word in subscription.words],
                "last_event_id": last_event_id,
                "client": client,
            }
        )
        try:
            async with asyncio.timeout(ASKING_SECONDS):
                return await self._borrow(name, question)
        except (OSError, TimeoutError):
            return None

    async def _borrow(self, name: str, question: bytes) -> "Borrowed | None":
        reader, writer = await asyncio.open_unix_connection(self._path(name))
        borrowed: Borrowed | None = None
        try:
            writer.write(question + b"\n")
            if await reader.read(1) == FOUND:
                borrowed = Borrowed(reader, writer, self._borrowed.discard)
                self._borrowed.add(borrowed)
        finally:
            if borrowed is None:  # also when whoever asked has gone
                writer.close()
        return borrowed

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._given.add(task)
        task.add_done_callback(self._given.discard)
        try:
            stream = self._resume(*_parsed(await reader.readline()))
            if stream is not None:
                await _pass_on(stream, reader, writer)
        except (OSError, ValueError):
            pass  # whoever asked is gone, or asked what can't be
        finally:
            writer.close()

    def stop(self) -> None:
        """End what was borrowed; what was given away ends with its feeds."""
        for borrowed in list(self._borrowed):
            borrowed.interrupt()

    async def close(self) -> None:
        """Stop, and wait until nothing of it runs."""
        self.stop()
        if self._server is not None:
            self._server.close()
            self._remove()
        for task in list(self._given):
            task.cancel()
        await asyncio.gather(*self._given, return_exceptions=True)


def _parsed(question: bytes) -> tuple[Subscription, str, str]:
    asked = orjson.loads(question)
    words = tuple(word.encode("latin-1") for word in asked["words"])
    subscription = Subscription(UUID(asked["instance"]), asked["acl_user"], words)
    return subscription, asked["last_event_id"], asked["client"]


async def _pass_on(
    stream: Stream, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    """Write a stream to whoever asked, until it ends or they go."""
    writing = asyncio.create_task(_write(stream, writer))
    leaving = asyncio.create_task(reader.read())
    try:
        await asyncio.wait({writing, leaving}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (writing, leaving):
            task.cancel()
        await asyncio.gather(writing, leaving, return_exceptions=True)
        stream.close()


async def _write(stream: Stream, writer: asyncio.StreamWriter) -> None:
    writer.write(FOUND)
    async for chunk in stream:
        writer.write(chunk)
        await writer.drain()


class Borrowed:
    """A stream of another worker; a ``core.Stream``."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        on_end: Callable[["Borrowed"], None],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            while chunk := await self._read():
                yield chunk
            yield sse.goodbye(ENDED)
        finally:
            self.interrupt()

    async def _read(self) -> bytes:
        try:
            return await self._reader.read(CHUNK_BYTES)
        except OSError:
            return b""

    def interrupt(self) -> None:
        """Let the other worker have its stream back; the reader gets its last words."""
        self._on_end(self)
        self._writer.close()
        self._reader.feed_eof()

    def close(self) -> None:
        """Leave, from whatever thread."""
        self._loop.call_soon_threadsafe(self.interrupt)
