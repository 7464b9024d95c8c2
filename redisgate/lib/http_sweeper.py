"""All connections of one server are looked at a few times a second.

A timer of its own for each request would cost more than reading the request.
"""

import asyncio
from collections.abc import Hashable
from typing import Protocol
from weakref import WeakKeyDictionary


class Swept(Hashable, Protocol):
    """A connection that ends itself when it waited too long."""

    def sweep(self, now: float) -> None: ...


class Sweeper:
    """Look at what was added until it is discarded."""

    def __init__(self, loop: asyncio.AbstractEventLoop, seconds: float) -> None:
        self._loop = loop
        self._seconds = seconds
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
        self._timer = None
        if self._connections:
            self._timer = self._loop.call_later(self._seconds, self._sweep)


_by_server: WeakKeyDictionary[object, Sweeper] = WeakKeyDictionary()


def sweeper_of(server: object, loop: asyncio.AbstractEventLoop, *, seconds: float) -> Sweeper:
    """Give the one sweeper of a server's connections."""
    sweeper = _by_server.get(server)
    if sweeper is None:
        sweeper = _by_server[server] = Sweeper(loop, seconds)
    return sweeper
