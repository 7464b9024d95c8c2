"""Keys and instances from the database, on a thread of our own.

Django's own thread for synchronous calls belongs to one request and ends with it, but an
answer here is awaited by many.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

from django.db import connection, connections

from apikeys import verification
from gateway.errors import MissingOrInvalidToken, OrganizationSuspended, UnknownInstance
from gateway.principals import Principal, Target
from instances import directory
from instances.simulation import REFUSAL, WAY_OUT
from instances.spec import Endpoint
from instances.states import Status, Wish
from redisgate.lib import database_refusal
from redisgate.lib.errors import Unavailable

T = TypeVar("T")

# One, so that there is one database connection and ``close`` finds it.
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gateway-lookup")

AWAY_SECONDS = 1.0
_away_until = 0.0


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


class Instances:
    """Find instances, by one query those that are asked for at once.

    Every turn of the thread holds up the loop for longer than the query itself takes.
    """

    def __init__(self) -> None:
        self._waiting: dict[UUID, asyncio.Future[Target]] = {}
        self._asking: set[asyncio.Task[None]] = set()

    async def load(self, instance_id: UUID) -> Target:
        """Find one. Raises UnknownInstance, or Unavailable without the database."""
        loop = asyncio.get_running_loop()
        if not self._waiting:
            task = loop.create_task(self._ask())
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)
        return await self._waiting.setdefault(instance_id, loop.create_future())

    async def _ask(self) -> None:
        await asyncio.sleep(0)  # others ask in this very tick
        waiting, self._waiting = self._waiting, {}
        try:
            found = await _look_up(lambda: _instances(list(waiting)))
        except Exception as error:  # noqa: BLE001  theirs, who wait for it
            for future in waiting.values():
                if not future.done():
                    future.set_exception(error)
            return
        for instance_id, future in waiting.items():
            if future.done():
                continue
            if instance_id in found:
                future.set_result(found[instance_id])
            else:
                future.set_exception(UnknownInstance())


async def close() -> None:
    """Give the database connection back."""
    await asyncio.get_running_loop().run_in_executor(_thread, connections.close_all)


async def _look_up(look: Callable[[], T]) -> T:
    # With the context, so that a trace goes on in the queries.
    run = copy_context().run
    return await asyncio.get_running_loop().run_in_executor(_thread, run, with_database, look)


def with_database(look: Callable[[], T]) -> T:
    """Look over the connection that is kept, or over a fresh one where that has ended.

    All look-ups of a worker wait in line here, and opening a connection takes longer than one. So
    one that waited in vain for a connection speaks for those behind it.
    """
    global _away_until
    if time.monotonic() < _away_until:
        raise _unavailable("nobody got a connection a moment ago")
    try:
        return look()
    except database_refusal.AWAY as error:
        connection.close()
        if database_refusal.is_without_connection(error):
            _away_until = time.monotonic() + AWAY_SECONDS
            raise _unavailable(repr(error)) from error
    try:
        return look()
    except database_refusal.AWAY as error:
        connection.close()
        raise _unavailable(repr(error)) from error


def _unavailable(log: str) -> Unavailable:
    words = "ERR the platform's database is away. Try again."
    return Unavailable(words, log=log, retry_after_seconds=1)


def _key(token: str) -> Principal:
    try:
        return verification.verify(token)
    except verification.KeyRefused as refused:
        if refused.reason is verification.Reason.SUSPENDED:
            raise OrganizationSuspended from None
        raise MissingOrInvalidToken(log=f"key refused: {refused}") from None


def _instances(instance_ids: list[UUID]) -> dict[UUID, Target]:
    return {
        target.instance_id: KnownInstance(
            instance_id=target.instance_id,
            organization_id=target.organization_id,
            endpoint=target.endpoint,
            shared_passwords=target.scope_passwords,
            not_running=_why_not_running(target),
        )
        for target in directory.find_targets(instance_ids)
        if target.wish is not Wish.DELETED
    }


def _why_not_running(target: directory.Target) -> str:
    if target.endpoint.is_simulated:
        return f"{REFUSAL} {WAY_OUT}"
    return why_not_running(target.wish, target.status)


def why_not_running(wish: Wish, status: Status) -> str:
    """Say what keeps an instance from taking commands; while it comes up they may wait."""
    if wish is Wish.STOPPED:
        return "the instance is stopped. Start it in the dashboard or over the API, then try again."
    if status is Status.ERROR:
        return "the instance could not be started. Its page in the dashboard says why."
    return ""
