"""Keys and instances from the database, on a thread of our own.

Django's own thread for synchronous calls belongs to one request and ends with it, but an
answer here is awaited by many.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, connections

from apikeys import verification
from gateway.errors import MissingOrInvalidToken, UnknownInstance
from gateway.principals import Principal, Target
from instances import directory
from instances.spec import Endpoint
from instances.states import Status, Wish
from redisgate.lib.errors import Unavailable

T = TypeVar("T")

# One, so that there is one database connection and ``close`` finds it.
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gateway-lookup")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownInstance:
    """An instance and whether it takes commands; a ``principals.Target``."""

    instance_id: UUID
    organization_id: UUID
    endpoint: Endpoint
    shared_passwords: Mapping[str, str] = field(repr=False)
    not_running: str


async def load_key(token: str) -> Principal:
    """Verify a token. Raises MissingOrInvalidToken, or Unavailable without the database."""
    return await _look_up(lambda: _key(token))


async def load_instance(instance_id: UUID) -> Target:
    """Find an instance. Raises UnknownInstance, or Unavailable without the database."""
    return await _look_up(lambda: _instance(instance_id))


async def close() -> None:
    """Give the database connection back."""
    await asyncio.get_running_loop().run_in_executor(_thread, connections.close_all)


async def _look_up(look: Callable[[], T]) -> T:
    return await asyncio.get_running_loop().run_in_executor(_thread, with_database, look)


def with_database(look: Callable[[], T]) -> T:
    """Look over the connection that is kept, or over a fresh one where that has ended.

    All look-ups of a worker wait in line here, and opening a connection takes longer than one.
    """
    try:
        return look()
    except (OperationalError, InterfaceError):
        connection.close()
    try:
        return look()
    except (OperationalError, InterfaceError) as error:
        connection.close()
        raise Unavailable(
            "ERR the platform's database is away. Try again.",
            log=repr(error),
            retry_after_seconds=1,
        ) from error


def _key(token: str) -> Principal:
    try:
        return verification.verify(token)
    except verification.KeyRefused as refused:
        raise MissingOrInvalidToken(log=f"key refused: {refused}") from None


def _instance(instance_id: UUID) -> Target:
    target = directory.find_target(instance_id)
    if target is None or target.wish is Wish.DELETED:
        raise UnknownInstance
    return KnownInstance(
        instance_id=target.instance_id,
        organization_id=target.organization_id,
        endpoint=target.endpoint,
        shared_passwords=target.scope_passwords,
        not_running=why_not_running(target.wish, target.status),
    )


def why_not_running(wish: Wish, status: Status) -> str:
    """Say what keeps an instance from taking commands; while it comes up they may wait."""
    if wish is Wish.STOPPED:
        return "the instance is stopped. Start it in the dashboard or over the API, then try again."
    if status is Status.ERROR:
        return "the instance could not be started. Its page in the dashboard says why."
    return ""
