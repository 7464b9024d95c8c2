"""One multiplexed connection to one server, logged in as one ACL user.

Writes are gathered for one loop tick, replies are matched in order. Whoever waits too long is
told so, but its place in the queue stays: no reply is ever given to another request.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import cast

import hiredis

from gateway.errors import (
    BrokenReply,
    CommandTimeout,
    InstanceUnreachable,
    TooBusy,
    UnknownOutcome,
)
from gateway.limits import Limits
from gateway.resp import NOT_YET, ErrorReply, Reader, Reply
from redisgate.lib.errors import RedisGateError

Outcome = list[Reply] | RedisGateError
RETIRED_SECONDS_MAX = 60.0


class Exchange:
    """One write and the replies that belong to it."""

    __slots__ = ("deadline", "expected", "is_transaction", "on_done", "payload", "replies", "size")

    def __init__(
        self,
        payload: bytes,
        expected: int,
        on_done: Callable[[Outcome], None],
        deadline: float,
        *,
        is_transaction: bool = False,
    ) -> None:
        self.payload = payload
        self.size = len(payload)
        self.expected = expected
        self.on_done: Callable[[Outcome], None] | None = on_done
        self.deadline = deadline
        self.is_transaction = is_transaction
        self.replies: list[Reply] = []

    def settle(self, outcome: Outcome) -> None:
        """Tell the one who waits, once; later outcomes are dropped."""
        on_done, self.on_done = self.on_done, None
        if on_done is not None:
            on_done(outcome)


class Link(asyncio.Protocol):
    """The connection itself. ``on_lost`` gets the exchanges of which no byte was written."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        limits: Limits,
        on_lost: Callable[["Link", list[Exchange]], None],
        reader: Reader,
    ) -> None:
        self._loop = loop
        self._limits = limits
        self._on_lost = on_lost
        self._reader = reader
        self._transport: asyncio.Transport | None = None
        self._unsent: deque[Exchange] = deque()
        self._inflight: deque[Exchange] = deque()
        self._outstanding_bytes = 0
        self._reply_bytes = 0
        self._is_paused = False
        self._was_used = True
        self._idle_since = loop.time()
        self.is_usable = True
        """False once the link takes no further exchange."""
        self.transaction_refusal: ErrorReply | None = None
        """What the server said to MULTI at log-in, where this user may not use it."""

    def has_room(self, size: int) -> bool:
        """Tell whether one more exchange keeps the bound; a lone one of any size may go."""
        outstanding = self._outstanding_bytes
        return outstanding == 0 or outstanding + size <= self._limits.outstanding_bytes

    def send(self, exchange: Exchange) -> None:
        """Write the exchange with everything else of this loop tick."""
        if exchange.is_transaction and self.transaction_refusal is not None:
            # Sent all the same, its commands would run one by one without MULTI.
            exchange.settle([self.transaction_refusal])
            return
        self._was_used = True
        self._outstanding_bytes += exchange.size
        self._unsent.append(exchange)
        if len(self._unsent) == 1:
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        if self._is_paused or not self._unsent or self._transport is None:
            return
        if self._transport.is_closing():
            return
        unsent = self._unsent
        payload = unsent[0].payload if len(unsent) == 1 else b"".join([e.payload for e in unsent])
        for exchange in unsent:
            exchange.payload = b""
        self._inflight.extend(unsent)
        unsent.clear()
        self._transport.write(payload)

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._flush()

    def pause_writing(self) -> None:
        self._is_paused = True

    def resume_writing(self) -> None:
        self._is_paused = False
        self._flush()

    def data_received(self, data: bytes) -> None:
        self._reply_bytes += len(data)
        try:
            self._reader.feed(data)
            self._match_replies()
        except hiredis.ProtocolError as error:
            self._break(f"it can't be read ({error})")
            return
        if self._reply_bytes > self._limits.response_bytes:
            self._break(f"max response size exceeded. Limit: {self._limits.response_bytes} bytes")

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_usable = False
        for exchange in self._inflight:
            exchange.settle(UnknownOutcome())
        self._inflight.clear()
        unsent = list(self._unsent)
        self._unsent.clear()
        self._on_lost(self, unsent)

    # Replies

    def _match_replies(self) -> None:
        gets, inflight = self._reader.gets, self._inflight
        while (reply := gets()) is not NOT_YET:
            if not inflight:
                self._break("nobody asked for it")
                return
            exchange = inflight[0]
            exchange.replies.append(cast("Reply", reply))
            if len(exchange.replies) == exchange.expected:
                inflight.popleft()
                self._reply_bytes = 0
                self._outstanding_bytes -= exchange.size
                exchange.settle(exchange.replies)

    def _break(self, reason: str) -> None:
        """Throw the connection away: after such a reply nobody knows whose the next one is."""
        self.is_usable = False
        if self._inflight:
            self._inflight.popleft().settle(BrokenReply(reason))
        if self._transport is not None:
            self._transport.abort()

    # Time

    def sweep(self, now: float) -> None:
        """Give up what is too late, and close what is idle or done."""
        self._expire(now)
        is_empty = not self._inflight and not self._unsent
        if self._was_used or not is_empty:
            self._was_used = False
            self._idle_since = now
        if not self.is_usable and (is_empty or self._is_stuck(now)):
            self.abort()
        elif now - self._idle_since > self._limits.idle_seconds:
            self.is_usable = False
            self.abort()

    def _expire(self, now: float) -> None:
        while self._unsent and self._unsent[0].deadline <= now:
            exchange = self._unsent.popleft()
            self._outstanding_bytes -= exchange.size
            exchange.settle(TooBusy())
        for exchange in self._inflight:
            if exchange.deadline > now:
                break
            # The next commands go over a fresh connection, so that one stuck command
            # doesn't hold up its key; those behind it here keep their places.
            self.is_usable = False
            exchange.settle(CommandTimeout(self._limits.command_seconds))

    def _is_stuck(self, now: float) -> bool:
        return bool(self._inflight) and now > self._inflight[0].deadline + RETIRED_SECONDS_MAX

    def retire(self) -> None:
        """Take nothing further; the next sweep after the last reply closes."""
        self.is_usable = False

    def abort(self) -> None:
        """Close now. What was sent ends as unknown, what wasn't goes back through ``on_lost``."""
        if self._transport is not None:
            self._transport.abort()

    async def log_in(self, payload: bytes) -> None:
        """Send the greeting and judge its four replies: AUTH, PING, MULTI and EXEC.

        Raises NotTaken when the server is up but doesn't take us yet.
        """
        future: asyncio.Future[list[Reply]] = self._loop.create_future()
        self.send(Exchange(payload, 4, settler(future), self._loop.time() + 3600))
        welcome, alive, multi, _ = await future
        if isinstance(welcome, ErrorReply):
            raise NotTaken(welcome.text)
        if isinstance(alive, ErrorReply) and alive.text.startswith("LOADING"):
            raise NotTaken(alive.text)
        if isinstance(multi, ErrorReply):
            self.transaction_refusal = multi


class NotTaken(InstanceUnreachable):
    """The server answers, but is still loading or doesn't know the user yet."""

    def __init__(self, words: str) -> None:
        super().__init__(log=words)
        self.words = words


def settler(future: "asyncio.Future[list[Reply]]") -> Callable[[Outcome], None]:
    """Make the callback that brings an outcome into a future, if anybody still waits."""

    def settle(outcome: Outcome) -> None:
        if future.done():
            return
        if isinstance(outcome, RedisGateError):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)

    return settle
