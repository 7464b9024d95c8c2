"""A connection over which a server can't say more than this process can hold.

A server holds values of hundreds of megabytes, and how large the elements of a key are is only
guessed before they are asked for. So what comes is counted, whatever was asked.
"""

import socket
from typing import Any

import redis
from redis.connection import Connection, UnixDomainSocketConnection

from redisgate.lib.units import MEGABYTE

ANSWER_BYTES = 32 * MEGABYTE


class TooLarge(redis.RedisError):
    """The answer to one request is larger than a page can hold."""


class _BoundedSocket(socket.socket):
    """Counts what is received since something was sent."""

    _received = 0

    def sendall(self, *args: Any) -> None:
        self._received = 0
        super().sendall(*args)

    def recv_into(self, *args: Any) -> int:
        count = super().recv_into(*args)
        self._received += count
        if self._received > ANSWER_BYTES:
            raise TooLarge
        return count


def _bounded(link: socket.socket) -> socket.socket:
    seconds = link.gettimeout()
    bounded = _BoundedSocket(fileno=link.detach())
    bounded.settimeout(seconds)
    return bounded


class BoundedConnection(Connection):
    def _connect(self) -> socket.socket:
        return _bounded(super()._connect())  # type: ignore[no-untyped-call]


class BoundedUnixConnection(UnixDomainSocketConnection):
    def _connect(self) -> socket.socket:
        return _bounded(super()._connect())  # type: ignore[no-untyped-call]
