"""Bring what was counted to metrics and to the database, once a second and off the loop."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.utils import timezone

from apikeys import usage
from apikeys.usage import Amounts, LastUse, Secret, Slot
from gateway import summing
from gateway.counting import Counting, Taken
from gateway.upstream import Statistics
from observability import metrics, redis_counts
from redisgate.lib import database_refusal

PUBLISH_SECONDS = 0.8
PENDING_MAX = 10_000
"""How many keys on instances may wait for a database that is away."""
PRUNED_SECONDS = 3600.0
PRUNED_ROWS = 1000

# Not the thread of look-ups: on SQLite writes queue up, and no look-up may wait with them.
_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="gateway-usage")

log = logging.getLogger("redisgate.gateway")


class Desk:
    """Where usage waits until the database has taken it. Used from the thread alone."""

    def __init__(self) -> None:
        self._amounts: dict[Slot, Amounts] = {}
        self._last: dict[UUID, LastUse] = {}
        self._secrets: dict[Secret, datetime] = {}
        self._connections: Statistics | None = None
        self._pruned_at = -PRUNED_SECONDS
        self._is_waiting = False

    def publish(self, taken: Taken, connections: Statistics, at: datetime) -> bool:
        """Publish everything; tell whether something has to wait for the database."""
        summing.count(taken)
        summing.count_connections(connections, self._connections)
        self._connections = connections
        redis_counts.publish()
        self._add(*summing.usage_of(taken, at))
        self._secrets.update(summing.secrets_of(taken, at))
        if self._amounts:
            self._write(at)
        return bool(self._amounts)

    def _add(self, amounts: dict[Slot, Amounts], last: dict[UUID, LastUse]) -> None:
        lost = 0
        for slot, more in amounts.items():
            if slot in self._amounts:
                self._amounts[slot].add(more)
            elif len(self._amounts) < PENDING_MAX:
                self._amounts[slot] = more
            else:
                lost += more.requests
        if lost:
            metrics.USAGE_LOST.inc(lost)
        self._last.update(last)

    def _write(self, at: datetime) -> None:
        try:
            usage.write(self._amounts, self._last, self._secrets)
        except database_refusal.AWAY as error:
            connection.close()
            if not self._is_waiting:
                log.warning("the usage of keys waits for the database: %r", error)
            self._is_waiting = True
            return
        except DatabaseError:
            log.exception("the database refuses the usage of keys")
            metrics.USAGE_LOST.inc(sum(each.requests for each in self._amounts.values()))
        self._amounts, self._last, self._secrets = {}, {}, {}
        self._is_waiting = False
        self._prune(at)

    def _prune(self, at: datetime) -> None:
        """Let go of what is too old: some rows each time, then nothing for an hour."""
        if monotonic() - self._pruned_at < PRUNED_SECONDS:
            return
        try:
            gone = usage.prune(at - timedelta(days=settings.KEY_USAGE_DAYS), most=PRUNED_ROWS)
        except DatabaseError as error:
            log.warning("old usage of keys stays for now: %r", error)
            gone = 0
        if gone < PRUNED_ROWS:
            self._pruned_at = monotonic()


class Publisher:
    """Publish what one event loop counts. Make it on that loop, and close it there.

    ``statistics`` tells of the connections to instances.
    """

    def __init__(self, counting: Counting, statistics: Callable[[], Statistics]) -> None:
        counting.wake = self._wake
        self._counting = counting
        self._statistics = statistics
        self._is_connected = False
        self._loop = asyncio.get_running_loop()
        self._desk = Desk()
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Future[bool] | None = None

    def _wake(self) -> None:
        if self._timer is None:
            self._timer = self._loop.call_later(PUBLISH_SECONDS, self._publish)

    def _publish(self) -> None:
        self._timer = None
        if self._writing is not None:  # a slow database: count on, and bring more next time
            self._wake()
            return
        self._writing = self._begin()
        self._writing.add_done_callback(self._written)

    def _begin(self) -> "asyncio.Future[bool]":
        taken, statistics = self._counting.take(), self._statistics()
        self._is_connected = bool(statistics.connections_active or statistics.circuits_open)
        return self._loop.run_in_executor(
            _thread, self._desk.publish, taken, statistics, timezone.now()
        )

    def _written(self, writing: "asyncio.Future[bool]") -> None:
        self._writing = None
        # Connections end without a request, and the gauges have to be told.
        if writing.result() or self._is_connected:
            self._wake()

    async def close(self) -> None:
        """Publish the rest; what the database doesn't take now is lost."""
        if self._timer is not None:
            self._timer.cancel()
        if self._writing is not None:
            await self._writing
        if await self._begin():
            log.error("the usage of keys in the last seconds is lost: the database is away")
        await self._loop.run_in_executor(_thread, connections.close_all)
