"""One subscription on a server, what it has brought lately, and who reads it.

A feed keeps its latest events up to a number of bytes, for a reader that is slow as for one
that comes back. Where its reader may come back it goes on for a while without one.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from gateway import sse
from gateway.errors import (
    BrokenReply,
    CommandRefused,
    CommandTimeout,
    ReaderTooSlow,
    Restarting,
    StreamLost,
)
from gateway.leases import Lease
from gateway.limits import Limits
from gateway.principals import Principal
from gateway.resp import ErrorReply, Reply
from redisgate.lib.errors import RedisGateError
from redisgate.lib.resp import pack

CHUNK_BYTES = 64 * 1024
EVENT_OVERHEAD_BYTES = 64


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who listens where, and to what: two equal ones bring the same events."""

    instance_id: UUID
    acl_user: str
    words: tuple[bytes, ...]

    @property
    def is_monitor(self) -> bool:
        return self.words[0].upper() == b"MONITOR"


class Keeper(Protocol):
    """Whoever opens feeds and looks after them."""

    def lost(self, feed: "Feed", failure: RedisGateError) -> None:
        """Find out why the connection was lost, and end the feed in these or better words."""

    def forget(self, feed: "Feed") -> None:
        """Hear that the feed is over."""


class Feed:
    """The subscription's events, numbered from 1."""

    def __init__(
        self,
        feed_id: str,
        subscription: Subscription,
        principal: Principal,
        limits: Limits,
        keeper: "Keeper",
        *,
        can_resume: bool,
    ) -> None:
        self.id = feed_id
        self.subscription = subscription
        self.principal = principal
        self.client = ""
        """The address of who reads it, or read it last."""
        self._limits = limits
        self._keeper = keeper
        self._can_resume = can_resume
        self._loop = asyncio.get_running_loop()
        self._lease: Lease | None = None
        self._begun: asyncio.Future[RedisGateError | None] = self._loop.create_future()
        self._events: deque[bytes] = deque()
        self.size = 0
        self.first = 1
        """The number of the oldest event that is kept."""
        self._reader: Reader | None = None
        self._lingering: asyncio.TimerHandle | None = None
        self._last_words: bytes | None = None

    @property
    def last(self) -> int:
        """Give the number of the latest event; 0 before the first."""
        return self.first + len(self._events) - 1

    @property
    def is_lingering(self) -> bool:
        return self._lingering is not None

    async def begin(self, lease: Lease) -> None:
        """Subscribe over the lease, which is the feed's from now on. Raises what is in the way."""
        self._lease = lease
        if self._last_words is not None:
            lease.close()
            raise Restarting
        lease.listen(pack([self.subscription.words]), self._on_reply, self._on_lost)
        try:
            async with asyncio.timeout(self._limits.command_seconds):
                error = await self._begun
        except TimeoutError:
            raise CommandTimeout(self._limits.command_seconds) from None
        if error is not None:
            raise error

    # What the server says

    def _on_reply(self, reply: Reply) -> None:
        if isinstance(reply, ErrorReply):
            self._fail(CommandRefused(reply.text))
            return
        if isinstance(reply, list):
            self._append(sse.push_text(reply))
        elif isinstance(reply, bytes):
            self._append(sse.monitor_text(reply))
        if not self._begun.done():
            self._begun.set_result(None)

    def _on_lost(self, failure: RedisGateError) -> None:
        failure = failure if isinstance(failure, BrokenReply) else StreamLost()
        if self._begun.done():
            self._keeper.lost(self, failure)
        else:
            self._fail(failure)

    def _fail(self, error: RedisGateError) -> None:
        if not self._begun.done():
            self._begun.set_result(error)
        self.end(sse.failed(error.message))

    def _append(self, text: bytes) -> None:
        number = self.last + 1
        event_id = f"{self.id}-{number}" if self._can_resume else ""
        self._events.append(sse.event(text, event_id, says_retry=number == 1))
        self.size += len(self._events[-1]) + EVENT_OVERHEAD_BYTES
        while self.size > self._limits.stream_buffer_bytes and len(self._events) > 1:
            self._drop_oldest()
        if self._reader is not None:
            self._reader.wake()
            if self._reader.taken + 1 < self.first:
                while self._events:
                    self._drop_oldest()
                self.end(sse.failed(ReaderTooSlow(self._limits.stream_buffer_bytes).message))

    def _drop_oldest(self) -> None:
        self.size -= len(self._events.popleft()) + EVENT_OVERHEAD_BYTES
        self.first += 1

    # What readers do

    def attach(self, after: int, prelude: bytes = b"") -> "Reader":
        """Give a reader of what comes after an event; one that was here before is sent away."""
        if self._reader is not None:
            self._reader.dismiss(sse.comment("this stream goes on over a later connection"))
        if self._lingering is not None:
            self._lingering.cancel()
            self._lingering = None
        reader = Reader(self, after, prelude, self._limits.stream_heartbeat_seconds)
        if self._last_words is None:
            self._reader = reader
        else:
            reader.dismiss(self._last_words)
        return reader

    def read(self, after: int) -> tuple[bytes, int]:
        """Give some of the events after a number, together, and the number of the last of them."""
        if not self._can_resume:
            while self._events and self.first <= after:
                self._drop_oldest()
        chunk: list[bytes] = []
        size = 0
        begin = max(0, after + 1 - self.first)
        for place in range(begin, len(self._events)):
            if size > CHUNK_BYTES:
                break
            chunk.append(self._events[place])
            size += len(chunk[-1])
        return b"".join(chunk), self.first - 1 + begin + len(chunk)

    def leave(self, reader: "Reader") -> None:
        """Let the reader go, and wait for it to come back where it can."""
        if self._reader is not reader:
            return
        self._reader = None
        if self._can_resume and self._last_words is None:
            self._lingering = self._loop.call_later(self._limits.stream_linger_seconds, self.end)
        else:
            self.end()

    def end(self, last_words: bytes = b"") -> None:
        """Close the connection; a reader gets what is left and then the last words."""
        if self._last_words is not None:
            return
        self._last_words = last_words
        if not self._begun.done():
            self._begun.set_result(Restarting())
        if self._lease is not None:
            self._lease.close()
        if self._lingering is not None:
            self._lingering.cancel()
        if self._reader is not None:
            self._reader.dismiss(last_words)
        self._keeper.forget(self)


class Reader:
    """An open stream as a door sees it: iterated once, and closed in any case."""

    def __init__(self, feed: Feed, after: int, prelude: bytes, heartbeat_seconds: float) -> None:
        self._feed = feed
        self._prelude = prelude
        self._heartbeat_seconds = heartbeat_seconds
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._last_words: bytes | None = None
        self.taken = after
        """The number of the last event that was handed on."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            if self._prelude:
                yield self._prelude
            while True:
                self._woken.clear()
                chunk, self.taken = self._feed.read(self.taken)
                if chunk:
                    yield chunk
                elif self._last_words is not None:
                    yield self._last_words
                    return
                elif not await self._is_woken():
                    yield sse.HEARTBEAT
        finally:
            self._feed.leave(self)

    async def _is_woken(self) -> bool:
        try:
            async with asyncio.timeout(self._heartbeat_seconds):
                return await self._woken.wait()
        except TimeoutError:
            return False

    def wake(self) -> None:
        self._woken.set()

    def dismiss(self, last_words: bytes) -> None:
        """End after what is left, with these words."""
        self._last_words = last_words
        self.wake()

    def close(self) -> None:
        """Leave, from whatever thread: Django closes responses from one of its own."""
        self._loop.call_soon_threadsafe(self._feed.leave, self)
