"""Connections to the servers: one for each instance and ACL user, opened when needed.

A command is never sent twice. While a server is coming back commands wait here, unsent; once
a byte of one has been written, a lost connection means that its outcome is unknown.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from itertools import chain, repeat
from uuid import UUID

from gateway.errors import InstanceUnreachable, MissingOrInvalidToken, TooBusy
from gateway.limits import Limits
from gateway.link import Exchange, Link, NotTaken, Outcome, settler
from gateway.principals import Principal, Target
from gateway.raw import RawReader
from gateway.resp import Reader, Reply, reader
from instances.spec import Endpoint
from redisgate.lib.errors import RedisGateError
from redisgate.lib.resp import pack

SWEEP_SECONDS_MAX = 0.25

Recheck = Callable[[str], Awaitable[object]]
"""Looks a token up anew; raises MissingOrInvalidToken when it opens nothing any more."""


def pauses() -> Iterator[float]:
    """Give the seconds between attempts to connect: a killed server is back in half of one."""
    return chain((0.05, 0.1, 0.2, 0.4), repeat(0.5))


class Upstream:
    """The way to one server as one ACL user, over at most one usable link."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        limits: Limits,
        recheck: Recheck,
        make_reader: Callable[[], Reader] = reader,
    ) -> None:
        self._loop = loop
        self._limits = limits
        self._recheck = recheck
        self._make_reader = make_reader
        self._links: set[Link] = set()
        self._link: Link | None = None
        self._waiting: deque[Exchange] = deque()
        self._waiting_bytes = 0
        self._dialing: asyncio.Task[None] | None = None
        self._endpoint: Endpoint | None = None
        self._acl_user = ""
        self._token = ""
        self._is_closed = False

    @property
    def is_idle(self) -> bool:
        return not self._links and self._dialing is None

    def submit(self, exchange: Exchange, endpoint: Endpoint, acl_user: str, token: str) -> None:
        """Send now when there is a link, or as soon as there is one."""
        # A key may have two live secrets and a server may move: the next log-in uses these.
        self._acl_user, self._token = acl_user, token
        if endpoint != self._endpoint:
            self._endpoint = endpoint
            if self._link is not None:
                self._link.retire()
        link = self._link
        if link is None or not link.is_usable:
            self._wait(exchange)
        elif link.has_room(exchange.size):
            link.send(exchange)
        else:
            exchange.settle(TooBusy())

    def _wait(self, exchange: Exchange) -> None:
        total = self._waiting_bytes + exchange.size
        if self._is_closed:
            exchange.settle(InstanceUnreachable(log="the gateway is closing"))
            return
        if self._waiting and total > self._limits.outstanding_bytes:
            exchange.settle(TooBusy())
            return
        self._waiting.append(exchange)
        self._waiting_bytes = total
        if self._dialing is None:
            self._dialing = self._loop.create_task(self._dial())

    async def _dial(self) -> None:
        failure: RedisGateError = InstanceUnreachable(log="the gateway is closing")
        gives_up_at = self._loop.time() + self._limits.connect_patience_seconds
        try:
            for pause_seconds in pauses():
                try:
                    self._link = await self._connect()
                    break
                except (OSError, TimeoutError) as error:
                    failure = InstanceUnreachable(log=repr(error))
                except NotTaken as error:
                    failure = _final_words(error)
                    if isinstance(failure, MissingOrInvalidToken) and await self._is_revoked():
                        break
                except RedisGateError as error:
                    failure = InstanceUnreachable(log=error.log)
                left_seconds = gives_up_at - self._loop.time()
                if left_seconds <= 0:
                    break
                await asyncio.sleep(min(pause_seconds, left_seconds))
        finally:
            self._dialing = None
            self._release_waiting(failure)

    async def _is_revoked(self) -> bool:
        """Tell a key that was just revoked from one that the server is yet to be told of."""
        try:
            await self._recheck(self._token)
        except MissingOrInvalidToken:
            return True
        except RedisGateError:
            return False
        return False

    def _release_waiting(self, failure: RedisGateError) -> None:
        waiting, self._waiting = self._waiting, deque()
        self._waiting_bytes = 0
        link = self._link
        for exchange in waiting:
            if link is not None and link.is_usable:
                link.send(exchange)
            else:
                exchange.settle(failure)

    async def _connect(self) -> Link:
        endpoint = self._endpoint
        assert endpoint is not None
        link = Link(self._loop, self._limits, self._on_lost, self._make_reader())
        greeting = [[b"AUTH", self._acl_user.encode(), self._token.encode()]]
        greeting += [[b"PING"], [b"MULTI"], [b"EXEC"]]
        try:
            async with asyncio.timeout(self._limits.connect_seconds):
                await _open(self._loop, endpoint, link)
                await link.log_in(pack(greeting))
            if not link.is_usable or endpoint != self._endpoint:
                raise InstanceUnreachable(log="lost or moved during log-in")
        except BaseException:
            link.retire()
            link.abort()
            raise
        self._links.add(link)
        return link

    def _on_lost(self, link: Link, unsent: list[Exchange]) -> None:
        was_in_use = link in self._links
        self._links.discard(link)
        if self._link is link:
            self._link = None
        for exchange in unsent:
            if was_in_use:
                self._wait(exchange)
            else:
                # The log-in itself: it belongs to this link and to no other.
                exchange.settle(InstanceUnreachable(log="lost during log-in"))

    def sweep(self, now: float) -> None:
        for link in list(self._links):
            link.sweep(now)
        while self._waiting and self._waiting[0].deadline <= now:
            exchange = self._waiting.popleft()
            self._waiting_bytes -= exchange.size
            exchange.settle(InstanceUnreachable(log="waited too long for a connection"))

    def close(self) -> None:
        self._is_closed = True
        if self._dialing is not None:
            self._dialing.cancel()
        for link in list(self._links):
            link.retire()
            link.abort()


class Upstreams:
    """All connections of one event loop. Make it, use it and close it on that loop."""

    def __init__(self, limits: Limits, recheck: Recheck) -> None:
        self.limits = limits
        self._recheck = recheck
        self._loop = asyncio.get_running_loop()
        self._by_key: dict[tuple[UUID, str, bool], Upstream] = {}
        self._sweeper: asyncio.TimerHandle | None = None
        self._sweep_seconds = min(SWEEP_SECONDS_MAX, limits.command_seconds / 4)

    def submit(
        self,
        target: Target,
        principal: Principal,
        payload: bytes,
        expected: int,
        on_done: Callable[[Outcome], None],
        *,
        is_transaction: bool = False,
        is_raw: bool = False,
    ) -> None:
        """Send commands that are packed already and get ``expected`` replies, or an error.

        Replies that are wanted raw come as the server wrote them, over a link of their own.
        ``on_done`` is called exactly once, from the loop, and possibly before this returns.
        """
        deadline = self._loop.time() + self.limits.command_seconds
        exchange = Exchange(payload, expected, on_done, deadline, is_transaction=is_transaction)
        key = (target.instance_id, principal.acl_user, is_raw)
        upstream = self._by_key.get(key)
        if upstream is None:
            make_reader = RawReader if is_raw else reader
            upstream = Upstream(self._loop, self.limits, self._recheck, make_reader)
            self._by_key[key] = upstream
            self._keep_sweeping()
        upstream.submit(exchange, target.endpoint, principal.acl_user, principal.token)

    async def request(
        self,
        target: Target,
        principal: Principal,
        payload: bytes,
        expected: int,
        *,
        is_transaction: bool = False,
        is_raw: bool = False,
    ) -> list[Reply]:
        """Do what ``submit`` does and wait for the replies."""
        future: asyncio.Future[list[Reply]] = self._loop.create_future()
        self.submit(
            target,
            principal,
            payload,
            expected,
            settler(future),
            is_transaction=is_transaction,
            is_raw=is_raw,
        )
        return await future

    def _keep_sweeping(self) -> None:
        if self._sweeper is None and self._by_key:
            self._sweeper = self._loop.call_later(self._sweep_seconds, self._sweep)

    def _sweep(self) -> None:
        self._sweeper = None
        now = self._loop.time()
        for key, upstream in list(self._by_key.items()):
            upstream.sweep(now)
            if upstream.is_idle:
                del self._by_key[key]
        self._keep_sweeping()

    async def close(self) -> None:
        """Close every connection and wait until they are gone."""
        while self._by_key:
            for upstream in self._by_key.values():
                upstream.close()
            self._by_key = {key: up for key, up in self._by_key.items() if not up.is_idle}
            await asyncio.sleep(0)
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None


async def _open(loop: asyncio.AbstractEventLoop, endpoint: Endpoint, link: Link) -> None:
    if endpoint.socket_path is not None:
        await loop.create_unix_connection(lambda: link, endpoint.socket_path)
    else:
        await loop.create_connection(lambda: link, endpoint.host, endpoint.port)


def _final_words(error: NotTaken) -> RedisGateError:
    """Say what a server that answers but doesn't take us means after the last attempt."""
    if error.words.startswith("WRONGPASS"):
        return MissingOrInvalidToken(log="the server doesn't know this key's user")
    return error
