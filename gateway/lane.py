"""The way to one server as one ACL user, over at most one link that takes commands.

A command is never sent twice. While a server is coming back commands wait here, unsent; once
a byte of one has been written, a lost connection means that its outcome is unknown.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Collection
from typing import Protocol

from gateway import dialing
from gateway.dialing import Dialer, KeyEnded, Recheck, introduce
from gateway.errors import CircuitOpen, InstanceUnreachable, TooBusy
from gateway.exchange import Exchange
from gateway.limits import Limits
from gateway.link import Link
from gateway.principals import Principal
from gateway.raw import RawReader
from gateway.resp import Reader, reader
from gateway.roster import Roster
from redisgate.lib.errors import RedisGateError

HEAVY_LINKS_MAX = 8
"""How many links of one lane may be busy with large replies before others queue behind them."""


class Server(dialing.Server, Protocol):
    """What a lane needs of the gate in front of its server."""

    links: set[Link]

    @property
    def may_grow(self) -> bool:
        """Tell whether the server may have one more link."""

    def lets_in(self, lane: "Lane") -> bool:
        """Tell whether commands may wait for a connection, and remember that somebody asked."""

    def make_room(self) -> None:
        """Close a link at rest where there are too many; raises TooManyConnections."""

    def spoilt(self, owner: Principal) -> None: ...

    def settled(self, lane: "Lane") -> None:
        """Hear that a lane may be empty now."""


class Lane:
    """Commands of one ACL user on their way to one server."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        limits: Limits,
        roster: Roster,
        server: Server,
        recheck: Recheck,
        acl_user: str,
        *,
        is_raw: bool,
        outcasts: Collection[str] = frozenset(),
    ) -> None:
        """``outcasts`` are the users of keys that must not use this lane for now."""
        self._loop = loop
        self._limits = limits
        self._roster = roster
        self._server = server
        self._dialer = Dialer(server, limits, recheck)
        self.name = (acl_user, is_raw)
        self._acl_user = acl_user
        self.outcasts = outcasts
        self._make_reader: Callable[[], Reader] = RawReader if is_raw else reader
        self._shared_password = ""
        self._owner: Principal | None = None
        self._links: set[Link] = set()
        self.link: Link | None = None
        self._waiting: deque[Exchange] = deque()
        self._waiting_bytes = 0
        self._dialing: asyncio.Task[None] | None = None
        self._is_closed = False

    @property
    def is_empty(self) -> bool:
        return not self._links and self._dialing is None

    @property
    def is_dialing(self) -> bool:
        return self._dialing is not None

    def submit(self, exchange: Exchange, shared_password: str) -> None:
        """Send now when there is a link, or as soon as there is one.

        ``shared_password`` is empty where the user is the key's own.
        """
        self._shared_password = shared_password
        link = self.link
        if link is None or not link.is_usable:
            self._wait(exchange)
        elif link.takes(exchange.size):
            link.send(exchange)
        else:
            exchange.settle(TooBusy())

    def has_room(self, size: int) -> bool:
        """Tell whether an exchange would be taken, or may at least wait."""
        link = self.link
        return link is None or not link.is_usable or link.takes(size)

    # Waiting

    def _wait(self, exchange: Exchange) -> None:
        total = self._waiting_bytes + exchange.size
        if self._is_closed:
            exchange.settle(InstanceUnreachable(log="the gateway is closing"))
        elif self._waiting and total > self._limits.outstanding_bytes:
            exchange.settle(TooBusy())
        elif not self._server.lets_in(self):
            exchange.settle(CircuitOpen())
        else:
            # A key may have two live secrets: the next log-in uses the one that came last.
            self._owner = exchange.owner
            self._waiting.append(exchange)
            self._waiting_bytes = total
            self.dial()

    def expire(self, now: float) -> None:
        """Refuse what has waited until its deadline."""
        while self._waiting and self._waiting[0].deadline <= now:
            exchange = self._waiting.popleft()
            self._waiting_bytes -= exchange.size
            exchange.settle(InstanceUnreachable(log="waited too long for a connection"))

    def _release(self, failure: RedisGateError) -> None:
        """Send what waits, or refuse it."""
        waiting, self._waiting = self._waiting, deque()
        self._waiting_bytes = 0
        link = self.link
        ended = self._token() if isinstance(failure, KeyEnded) else ""
        for exchange in waiting:
            if link is not None and link.is_usable:
                link.send(exchange)
            elif ended and exchange.owner is not None and exchange.owner.token != ended:
                self._wait(exchange)  # a key's other secret still opens its user
            else:
                exchange.settle(failure)

    # Connecting

    def dial(self) -> None:
        """Begin to connect, unless that is under way."""
        if self._dialing is None:
            self._dialing = self._loop.create_task(self._dial())
            self._roster.waiting.add(self)

    async def _dial(self) -> None:
        failure: RedisGateError | None = InstanceUnreachable(log="the gateway is closing")
        try:
            failure = await self._dialer.dial(self._connect, self._token)
        finally:
            self._dialing = None
            self._roster.waiting.discard(self)
            self._release(failure or InstanceUnreachable(log="lost right after log-in"))
            self._server.settled(self)

    async def _connect(self) -> None:
        self._server.make_room()
        endpoint, seconds = self._server.endpoint, self._limits.connect_seconds
        is_remote = endpoint.socket_path is None
        link = Link(
            self._loop, self._limits, self._roster, self, self._make_reader(), is_remote=is_remote
        )
        self._server.links.add(link)
        try:
            password = self._shared_password or self._own_password()
            await introduce(link, endpoint, self._acl_user, password, seconds=seconds)
            if not link.is_usable or endpoint != self._server.endpoint:
                raise InstanceUnreachable(log="lost or moved during log-in")
        except BaseException:
            self._server.links.discard(link)
            link.close()
            raise
        self._links.add(link)
        self._roster.admit(link)
        self.link = link

    def _token(self) -> str:
        """Give the key that logs in, or nothing where the user isn't a key's own."""
        if self._shared_password or self._owner is None:
            return ""
        return self._owner.token

    def _own_password(self) -> str:
        return "" if self._owner is None else self._owner.password

    # What a link tells

    def lost(self, link: Link, unsent: list[Exchange]) -> None:
        was_in_use = link in self._links
        if was_in_use and not link.is_closed_by_us:
            self._roster.counts.lost += 1
        self._links.discard(link)
        self._server.links.discard(link)
        if self.link is link:
            self.link = None
        for exchange in unsent:
            if was_in_use:
                self._wait(exchange)
            else:
                # The log-in itself: it belongs to this link and to no other.
                exchange.settle(InstanceUnreachable(log="lost during log-in"))
        self._server.settled(self)

    def burdened(self, link: Link) -> None:
        """Send what comes next over another link, so that it isn't late by a large reply."""
        if link.is_usable and self._server.may_grow and len(self._links) < HEAVY_LINKS_MAX:
            link.retire()

    def spoilt(self, owner: Principal) -> None:
        self._server.spoilt(owner)

    # The end

    def retire(self) -> None:
        """Let every link end after its last reply, because the server has moved."""
        for link in list(self._links):
            link.retire()

    def close(self) -> None:
        self._is_closed = True
        if self._dialing is not None:
            self._dialing.cancel()
        for link in list(self._links):
            link.close()
