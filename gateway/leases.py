"""Connections of one's own: for what takes a connection over, or holds up everybody behind it.

A lease is logged in with the key itself, serves one request and is closed. It is never handed
on: after a wait nobody can say what the server is still about to send over it.
"""

import asyncio
from collections.abc import Callable
from typing import cast

import hiredis

from gateway.errors import (
    BrokenReply,
    InstanceUnreachable,
    MissingOrInvalidToken,
    UnfitReply,
    UnknownOutcome,
)
from gateway.lane import Recheck, open_connection, pauses
from gateway.limits import Limits
from gateway.log_in import REPLIES, NotTaken, greeting, judge
from gateway.principals import Principal, Target
from gateway.raw import RawReader
from gateway.resp import NOT_YET, Reader, Reply, reader, unreadable
from redisgate.lib.errors import RedisGateError

OnReply = Callable[[Reply], None]
OnEnd = Callable[[RedisGateError], None]


class Lease(asyncio.Protocol):
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

    def say_no_more(self) -> None:
        """Close our half: the server ends a wait over that, but sends what it has popped."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write_eof()

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


class Leases:
    """Makes connections as patiently as commands wait for theirs. Belongs to one loop."""

    def __init__(self, limits: Limits, recheck: Recheck) -> None:
        self._limits = limits
        self._recheck = recheck

    async def take(self, principal: Principal, target: Target, *, is_raw: bool = False) -> Lease:
        """Connect and log in as the key; the caller closes. Raises RedisGateError.

        Where it ``is_raw`` replies are the very bytes of the protocol.
        """
        loop = asyncio.get_running_loop()
        gives_up_at = loop.time() + self._limits.connect_patience_seconds
        for pause_seconds in pauses():
            lease = Lease(self._limits, RawReader() if is_raw else reader())
            try:
                await self._connect(lease, principal, target)
            except (OSError, TimeoutError) as error:
                failure: RedisGateError = InstanceUnreachable(log=repr(error))
            except NotTaken as error:
                failure = await self._judge(error, principal)
            except RedisGateError as error:
                failure = InstanceUnreachable(log=error.log)
            else:
                return lease
            left_seconds = gives_up_at - loop.time()
            if left_seconds <= 0:
                break
            await asyncio.sleep(min(pause_seconds, left_seconds))
        raise failure

    async def _judge(self, error: NotTaken, principal: Principal) -> RedisGateError:
        """Raise when the key was revoked; a server may be yet to be told of a fresh one."""
        if not error.is_unknown_user:
            return error
        await self._recheck(principal.token)
        return MissingOrInvalidToken(log="the server doesn't know this key's user")

    async def _connect(self, lease: Lease, principal: Principal, target: Target) -> None:
        try:
            async with asyncio.timeout(self._limits.connect_seconds):
                await open_connection(asyncio.get_running_loop(), target.endpoint, lease)
                hello = greeting(principal.acl_user, principal.token)
                judge(await lease.ask(hello, REPLIES))
        except BaseException:
            lease.close()
            raise
