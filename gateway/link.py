"""One multiplexed connection to one server, logged in as one ACL user.

Writes are gathered for one loop tick, replies are matched in order. Whoever waits too long is
told so, but its place in the queue stays: no reply is ever given to another request.
"""

import asyncio
from collections import deque
from itertools import islice
from math import inf
from typing import Protocol, cast

import hiredis

from gateway.dialing import Connection
from gateway.errors import BrokenReply, CommandTimeout, TooBusy, UnfitReply, UnknownOutcome
from gateway.exchange import Exchange, HeavyReplies, Outcome, settler
from gateway.limits import Limits
from gateway.log_in import greeting, judge, replies_expected
from gateway.principals import Principal
from gateway.resp import NOT_YET, ErrorReply, Reader, Reply, unreadable
from gateway.roster import Roster
from redisgate.lib.resp import pack
from redisgate.lib.units import MEGABYTE

RETIRED_SECONDS_MAX = 60.0
QUIET_SECONDS = 5.0
"""After so long without a command a peer on another machine is asked whether it is still there."""
HEAVY_BYTES = 4 * MEGABYTE
"""Behind a reply that is larger than this, further commands would wait noticeably."""
PING = pack([[b"PING"]])

CLOSED_MIDWAY = "the server closed the connection"
MEMORY_BOUND = (
    "A server closes a connection whose replies take more than a tenth of the instance's memory, "
    "or more than 32 MB where that is less. If it may be that, ask for less at a time."
)


class Keeper(Protocol):
    """Whoever opened a link and gives it its exchanges."""

    def lost(self, link: "Link", unsent: list[Exchange]) -> None:
        """Hear that the link is gone, with the exchanges of which no byte was written."""

    def burdened(self, link: "Link") -> None:
        """Hear that a large reply is on its way, and that commands would wait behind it."""

    def spoilt(self, owner: Principal) -> None:
        """Hear whose reply ended the link."""


class Link(Connection):
    """The connection itself."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        limits: Limits,
        roster: Roster,
        keeper: Keeper,
        reader: Reader,
        *,
        is_remote: bool,
    ) -> None:
        self._loop = loop
        self._limits = limits
        self._roster = roster
        self._keeper = keeper
        self._is_remote = is_remote
        self._heavy_bytes = min(HEAVY_BYTES, limits.response_bytes)
        self._reader = reader
        self._transport: asyncio.Transport | None = None
        self._unsent: deque[Exchange] = deque()
        self._inflight: deque[Exchange] = deque()
        self._outstanding_bytes = 0
        self._answer_bytes = 0
        self._reply_bytes = 0
        self._is_paused = False
        self._check: asyncio.TimerHandle | None = None
        self.is_at_rest = False
        self.is_usable = True
        """False once the link takes no further exchange."""
        self.is_closed_by_us = False
        self.transaction_refusal: ErrorReply | None = None
        """What the server said to MULTI at log-in, where this user may not use it."""

    @property
    def is_empty(self) -> bool:
        return not self._inflight and not self._unsent

    def takes(self, size: int) -> bool:
        """Tell whether one more exchange keeps the bound; a lone one of any size may go."""
        outstanding = self._outstanding_bytes
        return self.is_usable and (
            outstanding == 0 or outstanding + size <= self._limits.outstanding_bytes
        )

    def send(self, exchange: Exchange) -> None:
        """Write the exchange with everything else of this loop tick."""
        if exchange.is_transaction and self.transaction_refusal is not None:
            # Sent all the same, its commands would run one by one without MULTI.
            exchange.settle([self.transaction_refusal])
            return
        if self.is_at_rest:
            self._rouse()
        self._outstanding_bytes += exchange.size
        unsent = self._unsent
        unsent.append(exchange)
        if len(unsent) == 1:
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        unsent, transport = self._unsent, self._transport
        if not unsent or self._is_paused or self._check is not None:
            return
        if transport is None or transport.is_closing():
            return
        if len(unsent) == 1:
            exchange = unsent.popleft()
            payload, exchange.payload = exchange.payload, b""
            self._inflight.append(exchange)
        else:
            payload = b"".join([exchange.payload for exchange in unsent])
            for exchange in unsent:
                exchange.payload = b""
            self._inflight.extend(unsent)
            unsent.clear()
        transport.write(payload)

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
        self._answer_bytes += len(data)
        self._reply_bytes += len(data)
        try:
            self._reader.feed(data)
            self._match_replies()
        except hiredis.ProtocolError as error:
            self._break(unreadable(error))
            return
        if self._answer_bytes > self._heavy_bytes:
            self._bear()

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_usable = False
        self._roster.remove(self)
        if self._inflight:
            self._lose(self._inflight.popleft())
        for exchange in self._inflight:
            exchange.settle(UnknownOutcome())
        self._inflight.clear()
        unsent = list(self._unsent)
        self._unsent.clear()
        self._keeper.lost(self, unsent)

    def _lose(self, first: Exchange) -> None:
        """Settle the exchange whose reply was due: maybe its size is why the server closed."""
        if self.is_closed_by_us:
            first.settle(UnknownOutcome())
            return
        if self._reply_bytes and first.missing == 1:
            first.settle(BrokenReply(f"{CLOSED_MIDWAY} in the middle of it. {MEMORY_BOUND}"))
        else:
            first.settle(UnknownOutcome(CLOSED_MIDWAY, hint=MEMORY_BOUND))
        self._blame(first)

    def _blame(self, exchange: Exchange) -> None:
        if exchange.owner is not None:
            self._keeper.spoilt(exchange.owner)

    # Replies

    def _match_replies(self) -> None:
        gets, inflight = self._reader.gets, self._inflight
        while inflight:
            exchange = inflight[0]
            if exchange.missing == 1:  # as nearly always
                if (reply := gets()) is NOT_YET:
                    return
                self._reply_bytes = 0
                exchange.replies.append(reply)
            elif not self._read_several(exchange):
                return
            inflight.popleft()
            self._answer_bytes = 0
            self._outstanding_bytes -= exchange.size
            on_done = exchange.on_done
            if on_done is not None:
                exchange.on_done = None
                on_done(exchange.replies)
        if gets() is not NOT_YET:
            self._break(BrokenReply("nobody asked for it"))

    def _read_several(self, exchange: Exchange) -> bool:
        """Read what is there of its replies, and tell whether that was the last of them."""
        replies = exchange.replies
        before = len(replies)
        replies.extend(islice(iter(self._reader.gets, NOT_YET), exchange.missing))
        if len(replies) > before:
            self._reply_bytes = 0
            exchange.missing -= len(replies) - before
        if exchange.on_done is None:
            replies.clear()  # nobody waits any more
        return not exchange.missing

    def _bear(self) -> None:
        """Hold a large answer to its bound, and let others take another way meanwhile."""
        limit = self._limits.response_bytes
        first = self._inflight[0] if self._inflight else None
        if first is not None and type(first.replies) is not HeavyReplies:
            first.replies = HeavyReplies(first.replies)
        words = f"max response size exceeded. Limit: {limit} bytes"
        if self._reply_bytes > limit or first is None:
            self._break(UnfitReply(words))
            return
        if self._answer_bytes > limit:
            # Its further replies are read and dropped, so nobody behind it is harmed.
            first.give_up(UnfitReply(words))
        self._keeper.burdened(self)

    def _break(self, failure: BrokenReply) -> None:
        """Throw the connection away: after such a reply nobody knows whose the next one is."""
        self.is_usable = False
        if self._inflight:
            first = self._inflight.popleft()
            first.settle(failure)
            self._blame(first)
        for exchange in self._inflight:
            exchange.settle(UnknownOutcome("another command's reply ended the connection"))
        self._inflight.clear()
        if self._transport is not None:
            self._transport.abort()

    # Time

    def _rouse(self) -> None:
        self.is_at_rest = False
        rested_since = self._roster.rouse(self)
        if self._is_remote and self._loop.time() - rested_since >= QUIET_SECONDS:
            self._check_peer()

    def _check_peer(self) -> None:
        """Ask the peer whether it is there before a command is entrusted to it.

        A machine that is gone says nothing, and what was sent to it would be of unknown outcome.
        """
        self._check = self._loop.call_later(self._limits.connect_seconds, self._drop)
        ping = Exchange(PING, 1, self._checked, inf)
        self._outstanding_bytes += ping.size
        self._inflight.append(ping)
        if self._transport is not None:
            self._transport.write(PING)

    def _checked(self, _outcome: Outcome) -> None:
        if self._check is not None:
            self._check.cancel()
            self._check = None
        self._flush()

    def _drop(self) -> None:
        self.is_usable = False
        if self._transport is not None:
            self._transport.abort()

    def expire(self, now: float) -> None:
        """Give up what is too late; the places of what was sent stay."""
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
        if not self.is_usable and self._is_stuck(now):
            self.close()

    def _is_stuck(self, now: float) -> bool:
        return bool(self._inflight) and now > self._inflight[0].deadline + RETIRED_SECONDS_MAX

    def retire(self) -> None:
        """Take nothing further, and close after the last reply."""
        self.is_usable = False
        if self.is_at_rest:
            self.close()

    def close(self) -> None:
        """Close now. What was sent ends as unknown, what wasn't goes back to the keeper."""
        self.is_usable = False
        self.is_closed_by_us = True
        if self._transport is not None:
            self._transport.abort()

    async def log_in(self, acl_user: str, password: str, database: int = 0) -> None:
        """Introduce ourselves. Raises NotTaken when the server is up but doesn't take us yet."""
        future: asyncio.Future[list[Reply]] = self._loop.create_future()
        payload, expected = greeting(acl_user, password, database), replies_expected(database)
        self.send(Exchange(payload, expected, settler(future), inf))
        self.transaction_refusal = judge(await future)
