"""How a connection to a server comes about: patiently where that helps."""

import asyncio
import errno
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Iterator
from itertools import chain, repeat
from typing import Protocol

from gateway.errors import InstanceUnreachable, MissingOrInvalidToken, OrganizationSuspended
from gateway.limits import Limits
from gateway.log_in import NotTaken
from instances import tls
from instances.remote import Remote
from instances.spec import Endpoint
from redisgate.lib.errors import RedisGateError
from redisgate.lib.outward import OutwardRefused
from redisgate.lib.outward_dialing import check_peer, destination

OURS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
"""Why a connection fails for a reason of our own machine, which says nothing about the server."""

Recheck = Callable[[str], Awaitable[object]]
"""Looks a token up anew; raises MissingOrInvalidToken when it opens nothing any more."""


class KeyEnded(MissingOrInvalidToken):
    """The key was revoked a moment ago, so asking again is no use."""


class Server(Protocol):
    """What is asked of a server's gate, and told it."""

    endpoint: Endpoint

    @property
    def is_closed_circuit(self) -> bool:
        """Tell whether the server has answered lately, or wasn't asked."""

    def answered(self) -> None: ...

    def failed(self, reason: RedisGateError) -> None: ...


class Connection(ABC, asyncio.Protocol):
    """A connection that can introduce itself."""

    @abstractmethod
    async def log_in(self, acl_user: str, password: str, database: int = 0) -> None:
        """Raises NotTaken when the server is up but doesn't take us yet."""

    @abstractmethod
    def close(self) -> None:
        """Close now."""


def pauses() -> Iterator[float]:
    """Give the seconds between attempts to connect: a killed server is back in half of one."""
    return chain((0.05, 0.1, 0.2, 0.4), repeat(0.5))


class Dialer:
    """Connects to one server, and lets its circuit breaker know."""

    def __init__(self, server: Server, limits: Limits, recheck: Recheck) -> None:
        self._server = server
        self._limits = limits
        self._recheck = recheck

    async def dial(
        self, connect: Callable[[], Awaitable[None]], token: Callable[[], str]
    ) -> RedisGateError | None:
        """Connect, again where that may help; return what was in the way.

        ``token`` gives the key that logs in, or nothing where the user isn't a key's own.
        """
        time, rests = asyncio.get_running_loop().time, pauses()
        gives_up_at = time()
        if self._server.is_closed_circuit:
            gives_up_at += self._limits.connect_patience_seconds
        while True:
            failure = await self._attempt(connect, token)
            left_seconds = gives_up_at - time()
            is_over = left_seconds <= 0 or not self._server.is_closed_circuit
            if failure is None or isinstance(failure, KeyEnded | OrganizationSuspended) or is_over:
                return failure
            await asyncio.sleep(min(next(rests), left_seconds))

    async def _attempt(
        self, connect: Callable[[], Awaitable[None]], token: Callable[[], str]
    ) -> RedisGateError | None:
        """Connect once; return what was in the way."""
        try:
            await connect()
        except (OSError, TimeoutError) as error:
            failure: RedisGateError = InstanceUnreachable(log=repr(error))
            if not isinstance(error, OSError) or error.errno not in OURS:
                self._server.failed(failure)
            return failure
        except NotTaken as error:
            if error.is_loading:
                self._server.failed(error)
            else:
                self._server.answered()
            return await self._judge(error, token())
        except InstanceUnreachable as error:
            self._server.failed(error)
            return error
        except RedisGateError as error:
            return error
        self._server.answered()
        return None

    async def _judge(self, error: NotTaken, token: str) -> RedisGateError:
        """Tell a key that was just revoked from one that the server is yet to be told of."""
        if not token or not error.is_unknown_user:
            return error
        try:
            await self._recheck(token)
        except MissingOrInvalidToken:
            return KeyEnded(log="the key was revoked")
        except OrganizationSuspended as refusal:
            return refusal
        except RedisGateError:
            pass
        return MissingOrInvalidToken(log="the server doesn't know this key's user")


async def introduce(
    connection: Connection, endpoint: Endpoint, acl_user: str, password: str, *, seconds: float
) -> None:
    """Open the connection and log in, or close it again.

    Raises OSError or TimeoutError where nobody answers, NotTaken or InstanceUnreachable.
    """
    remote = endpoint.remote
    if remote is not None and endpoint.is_checked_here:
        acl_user, password = remote.user, remote.password
    try:
        async with asyncio.timeout(seconds):
            await _open(endpoint, connection)
            await connection.log_in(acl_user, password, remote.database if remote else 0)
    except NotTaken as error:
        connection.close()
        if endpoint.is_checked_here and not error.is_loading:
            # The key has nothing to do with it: what we were given for all doesn't open it.
            raise InstanceUnreachable(log=f"the adopted user isn't let in: {error.log}") from error
        raise
    except BaseException as error:
        connection.close()
        if isinstance(error, RedisGateError):
            raise InstanceUnreachable(log=error.log) from error
        raise


async def _open(endpoint: Endpoint, connection: Connection) -> None:
    """Connect by the unix socket where there is one."""
    loop = asyncio.get_running_loop()
    if endpoint.remote is not None:
        await _open_remote(endpoint.remote, connection)
    elif endpoint.socket_path is not None:
        await loop.create_unix_connection(lambda: connection, endpoint.socket_path)
    else:
        await loop.create_connection(lambda: connection, endpoint.host, endpoint.port)


async def _open_remote(remote: Remote, connection: Connection) -> None:
    """Connect to a server that somebody else runs, at the very address that was judged."""
    loop = asyncio.get_running_loop()
    try:
        address = await loop.run_in_executor(
            None, destination, remote.host, remote.port, remote.guard
        )
        how = remote.tls
        context = None if how is None else tls.context_of(how)
        name = (how.server_name or remote.host) if how is not None else None
        transport, _ = await loop.create_connection(
            lambda: connection, address, remote.port, ssl=context, server_hostname=name
        )
        check_peer(transport.get_extra_info("peername")[0], address)
    except OutwardRefused as error:
        raise InstanceUnreachable(log=f"the way out is closed: {error}") from error
