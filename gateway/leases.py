"""Connections of one's own: for what takes a connection over, or holds up everybody behind it.

A lease is logged in with the key itself, serves one request and is closed. It is never handed
on: after a wait nobody can say what the server is still about to send over it.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol, cast

import hiredis

from gateway.dialing import Connection, Dialer, Recheck, Server, introduce
from gateway.errors import BrokenReply, CircuitOpen, UnfitReply, UnknownOutcome
from gateway.limits import Limits
from gateway.log_in import greeting, judge, replies_expected
from gateway.principals import Principal, Target
from gateway.raw import RawReader
from gateway.resp import NOT_YET, Reader, Reply, reader, unreadable
from redisgate.lib.errors import RedisGateError

OnReply = Callable[[Reply], None]
OnEnd = Callable[[RedisGateError], None]


class Lease(Connection):
    """A connection of one's own: every reply goes to the one listener."""

    def __init__(self, limits: Limits, reader: Reader) -> None:
        self._limits = limits
        self._reader = reader
        self._transport: asyncio.Transport | None = None
        self._reply_bytes = 0
        self._on_reply: OnReply = _nobody
        self._on_end: OnEnd = _nobody
        self._failure: RedisGateError | None = None

    def listen(self, payload: bytes, on_reply: OnReply, on_end: OnEnd) -> None:
        """Send commands, and hand on all that comes from now on; the end at most once."""
        self._on_reply, self._on_end = on_reply, on_end
        if self._failure is not None:
            asyncio.get_running_loop().call_soon(on_end, self._failure)
        elif self._transport is not None:
            self._transport.write(payload)

    async def ask(self, payload: bytes, expected: int = 1) -> list[Reply]:
        """Send commands and give their replies. Raises what ends the connection before."""
        replies: list[Reply] = []
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def take(reply: Reply) -> None:
            replies.append(reply)
            if len(replies) == expected:
                done.set_result(None)

        def fail(error: RedisGateError) -> None:
            if not done.done():
                done.set_exception(error)

        self.listen(payload, take, fail)
        try:
            await done
        finally:
            self._on_reply, self._on_end = _nobody, _nobody
        return replies

    async def log_in(self, acl_user: str, password: str, database: int = 0) -> None:
        payload = greeting(acl_user, password, database)
        judge(await self.ask(payload, replies_expected(database)))

    def say_no_more(self) -> None:
        """Close our half: the server ends a wait over that, but sends what it has popped."""
        if self._transport is None or self._transport.is_closing():
            return
        if self._transport.can_write_eof():
            self._transport.write_eof()
        else:  # TLS has no half of a connection
            self._transport.close()

    def close(self) -> None:
        """Close now, and hear no more of it."""
        self._on_reply, self._on_end = _nobody, _nobody
        if self._transport is not None:
            self._transport.abort()

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._reply_bytes += len(data)
        try:
            self._reader.feed(data)
            while (reply := self._reader.gets()) is not NOT_YET:
                self._reply_bytes = 0
                self._on_reply(cast("Reply", reply))
        except hiredis.ProtocolError as error:
            self._break(unreadable(error))
        limit = self._limits.response_bytes
        if self._reply_bytes > limit:
            self._break(UnfitReply(f"max response size exceeded. Limit: {limit} bytes"))

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(UnknownOutcome())

    def _break(self, failure: BrokenReply) -> None:
        self._end(failure)
        if self._transport is not None:
            self._transport.abort()

    def _end(self, failure: RedisGateError) -> None:
        if self._failure is None:
            self._failure = failure
        on_end, self._on_reply, self._on_end = self._on_end, _nobody, _nobody
        on_end(failure)


def _nobody(_: object) -> None:
    """Stand for whoever has stopped to listen."""


class Gate(Server, Protocol):
    """What a lease needs of the gate in front of its server."""

    def lets_lease_in(self) -> bool:
        """Tell whether it makes sense to connect now; whoever may has to say how it went."""


class Leases:
    """Makes connections as patiently as commands wait for theirs. Belongs to one loop."""

    def __init__(self, limits: Limits, recheck: Recheck, gate_of: Callable[[Target], Gate]) -> None:
        self._limits = limits
        self._recheck = recheck
        self._gate_of = gate_of

    async def take(self, principal: Principal, target: Target, *, is_raw: bool = False) -> Lease:
        """Connect and log in as the key; the caller closes. Raises RedisGateError.

        Where it ``is_raw`` replies are the very bytes of the protocol.
        """
        gate = self._gate_of(target)
        if not gate.lets_lease_in():
            raise CircuitOpen
        user, token, password = principal.acl_user, principal.token, principal.password
        taken: list[Lease] = []

        async def connect() -> None:
            lease = Lease(self._limits, RawReader() if is_raw else reader())
            seconds = self._limits.connect_seconds
            await introduce(lease, gate.endpoint, user, password, seconds=seconds)
            taken.append(lease)

        failure = await Dialer(gate, self._limits, self._recheck).dial(connect, lambda: token)
        if failure is not None:
            raise failure
        return taken[0]
