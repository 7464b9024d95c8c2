"""All connections of one server are looked at a few times a second.

A timer of its own for each request would cost more than reading the request.
"""

import asyncio
from collections.abc import Hashable
from typing import Protocol
from weakref import WeakKeyDictionary


class Swept(Hashable, Protocol):
    """A connection that ends itself when it waited too long."""

    unread_bytes: int
    """How much of its answers the client has yet to read, as of the latest sweep."""
    unread_since: float
    """Since when it has read nothing of that."""

    def sweep(self, now: float) -> None: ...

    def drop(self) -> None:
        """End at once, with whatever is unread."""


class Sweeper:
    """Look at what was added until it is discarded."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, *, seconds: float, unread_bytes_max: int
    ) -> None:
        self._loop = loop
        self._seconds = seconds
        self._unread_bytes_max = unread_bytes_max
        self._connections: set[Swept] = set()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, connection: Swept) -> None:
        self._connections.add(connection)
        if self._timer is None:
            self._timer = self._loop.call_later(self._seconds, self._sweep)

    def discard(self, connection: Swept) -> None:
        self._connections.discard(connection)

    def _sweep(self) -> None:
        now = self._loop.time()
        for connection in list(self._connections):
            connection.sweep(now)
        self._relieve()
        self._timer = None
        if self._connections:
            self._timer = self._loop.call_later(self._seconds, self._sweep)

    def _relieve(self) -> None:
        """Drop those who have read nothing for longest, while all together leave too much."""
        unread_bytes = sum(connection.unread_bytes for connection in self._connections)
        if unread_bytes <= self._unread_bytes_max:
            return
        holding = [connection for connection in self._connections if connection.unread_bytes]
        for connection in sorted(holding, key=lambda it: (it.unread_since, -it.unread_bytes)):
            connection.drop()
            unread_bytes -= connection.unread_bytes
            if unread_bytes <= self._unread_bytes_max:
                return


_by_server: WeakKeyDictionary[object, Sweeper] = WeakKeyDictionary()


def sweeper_of(
    server: object, loop: asyncio.AbstractEventLoop, *, seconds: float, unread_bytes_max: int
) -> Sweeper:
    """Give the one sweeper of a server's connections."""
    sweeper = _by_server.get(server)
    if sweeper is None:
        sweeper = _by_server[server] = Sweeper(
            loop, seconds=seconds, unread_bytes_max=unread_bytes_max
        )
    return sweeper
