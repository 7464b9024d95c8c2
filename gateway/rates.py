"""Rate limits of API keys: decided at once from a local bucket, settled in the background.

Every so often a worker tells a shared store what each key has spent and learns what is left for
all. While the store is away each worker counts alone.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from gateway.allowance import Allowance, allowances
from gateway.principals import Principal
from gateway.token_bucket import Bucket, Report, Standing

TICK_SECONDS = 0.05
FIRST_TICK_SECONDS = 0.001
"""A worker that has just met a key guesses; it should know soon."""
REPORTS_MAX = 500
"""How many keys one call settles: the store does nothing else meanwhile."""
BUCKETS_MAX = 10_000


class Away(Exception):
    """The shared store can't be asked: count alone."""


class RateStore(Protocol):
    """Where the buckets are that all workers share."""

    async def settle(self, reports: list[Report]) -> list[Standing]:
        """Take what was spent out of the shared buckets and tell what is left. Raises Away."""


class Rates:
    """The limits of one event loop. Make it, use it and close it on that loop."""

    def __init__(self, store: RateStore, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._buckets: dict[str, Bucket] = {}
        self._used: list[Bucket] = []
        self._timer: asyncio.TimerHandle | None = None
        self._settling: asyncio.Task[None] | None = None

    def take(self, principal: Principal, commands: int) -> Allowance:
        """Let a key run that many commands, or raise RateLimited. Never waits."""
        bucket = self._buckets.get(principal.acl_user)
        if bucket is None or bucket.limit != principal.rate_limit:
            bucket = self._open(principal)
        if not bucket.is_used:
            self._note(bucket)
        return bucket.take_known(commands) or bucket.take(commands, self._clock())

    def look(self, principal: Principal) -> Allowance:
        """Tell what a key may still do, and take nothing."""
        bucket = self._buckets.get(principal.acl_user)
        if bucket is None or bucket.limit != principal.rate_limit:
            return allowances(principal.rate_limit).at(principal.rate_limit)
        return bucket.look(self._clock())

    async def close(self) -> None:
        self._used.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._settling is not None:
            self._settling.cancel()
            await asyncio.wait([self._settling])

    def _open(self, principal: Principal) -> Bucket:
        now = self._clock()
        if len(self._buckets) >= BUCKETS_MAX:
            self._make_room(now)
        bucket = Bucket(principal.acl_user, principal.rate_limit, now)
        self._buckets[principal.acl_user] = bucket
        return bucket

    def _make_room(self, now: float) -> None:
        kept = [bucket for bucket in self._buckets.values() if not bucket.is_idle(now)]
        # When all are in use the ones met first go: what they owe stays in the shared store.
        self._buckets = {bucket.name: bucket for bucket in kept[-BUCKETS_MAX * 9 // 10 :]}

    def _note(self, bucket: Bucket) -> None:
        """Remember a bucket that is used, refusals included, until it has been settled."""
        now = self._clock()
        bucket.fill(now)
        bucket.is_used = True
        bucket.used_at = now
        self._used.append(bucket)
        self._wake(FIRST_TICK_SECONDS if bucket.is_guess else TICK_SECONDS)

    def _wake(self, seconds: float) -> None:
        wakes_at = self._loop.time() + seconds
        if self._settling is not None:
            return
        if self._timer is not None:
            if self._timer.when() <= wakes_at:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(wakes_at, self._tick)

    def _tick(self) -> None:
        self._timer = None
        now = self._clock()
        for bucket in self._used:
            bucket.fill(now)
        due = [bucket for bucket in self._used if bucket.is_due(now)][:REPORTS_MAX]
        if not due:
            self._wake(TICK_SECONDS)
            return
        for bucket in due:
            bucket.is_used = False
        self._used = [bucket for bucket in self._used if bucket.is_used]
        self._settling = self._loop.create_task(self._settle(due))

    async def _settle(self, due: list[Bucket]) -> None:
        now = self._clock()
        try:
            standings = await self._store.settle([bucket.report(now) for bucket in due])
        except Away:
            for bucket in due:
                bucket.stand_alone()
        else:
            now = self._clock()
            for bucket, standing in zip(due, standings, strict=True):
                bucket.correct(standing, now)
        finally:
            self._settling = None
            for bucket in self._used:
                self._wake(FIRST_TICK_SECONDS if bucket.is_guess else TICK_SECONDS)
