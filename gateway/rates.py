"""Rate limits of API keys: decided at once from a local bucket, settled in the background.

Every so often a worker tells a shared store what each key has spent and learns what is left for
all. While the store is away each worker counts alone.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

from gateway.allowance import Allowance, allowances
from gateway.principals import Principal
from gateway.token_bucket import Bucket, Report, Standing

CALM_SECONDS = 0.5
"""How long a report waits that nobody needs soon: it comes along with others."""
URGENT_SECONDS = 0.05
GUESS_SECONDS = 0.001
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
        self._urgent: list[Bucket] = []
        self._calm: deque[tuple[float, Bucket]] = deque()
        """With the time when each is due, in this order."""
        self._timer: asyncio.TimerHandle | None = None
        self._settling: asyncio.Task[None] | None = None

    def take(self, principal: Principal, commands: int) -> Allowance:
        """Let a key run that many commands, or raise RateLimited. Never waits."""
        bucket = self._buckets.get(principal.acl_user)
        if bucket is None or bucket.limit != principal.rate_limit:
            bucket = self._open(principal)
        if not bucket.is_used:
            self._note(bucket)
        return bucket.take_known(commands) or self._take(bucket, commands)

    def bucket_of(self, principal: Principal) -> Bucket | None:
        """Give the bucket that ``take`` would take of, if there is one."""
        bucket = self._buckets.get(principal.acl_user)
        return bucket if bucket is not None and bucket.limit == principal.rate_limit else None

    def look(self, principal: Principal) -> Allowance:
        """Tell what a key may still do, and take nothing."""
        bucket = self._buckets.get(principal.acl_user)
        if bucket is None or bucket.limit != principal.rate_limit:
            return allowances(principal.rate_limit).at(principal.rate_limit)
        return bucket.look(self._clock())

    async def close(self) -> None:
        self._urgent.clear()
        self._calm.clear()
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

    def _take(self, bucket: Bucket, commands: int) -> Allowance:
        """Take what others should soon know of."""
        if bucket.is_shared and not bucket.is_urgent:
            self._hurry(bucket, URGENT_SECONDS)
        return bucket.take(commands, self._clock())

    def _note(self, bucket: Bucket) -> None:
        """See to it that what is now spent gets reported."""
        now = self._clock()
        bucket.note(now)
        if bucket.is_guess:
            self._hurry(bucket, GUESS_SECONDS)
        else:
            self._calm.append((now + CALM_SECONDS, bucket))
            self._wake(CALM_SECONDS)

    def _hurry(self, bucket: Bucket, seconds: float) -> None:
        bucket.is_urgent = True
        self._urgent.append(bucket)
        self._wake(seconds)

    def _wake(self, seconds: float) -> None:
        """Report in so many seconds, or sooner where that is planned already."""
        if self._settling is not None:
            return
        wakes_at = self._loop.time() + seconds
        if self._timer is not None:
            if self._timer.when() <= wakes_at:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(wakes_at, self._report)

    def _report(self) -> None:
        self._timer = None
        now = self._clock()
        due = self._due(now)
        if due:
            reports = [bucket.report(now) for bucket in due]
            self._settling = self._loop.create_task(self._settle(due, reports))
        else:
            self._wake_again(now)

    def _due(self, now: float) -> list[Bucket]:
        due, self._urgent = self._urgent[:REPORTS_MAX], self._urgent[REPORTS_MAX:]
        while self._calm and self._calm[0][0] <= now and len(due) < REPORTS_MAX:
            due_at, bucket = self._calm.popleft()
            # It may have been urgent since, and be used anew.
            if bucket.is_used and not bucket.is_urgent and bucket.used_at + CALM_SECONDS <= due_at:
                due.append(bucket)
        return due

    async def _settle(self, due: list[Bucket], reports: list[Report]) -> None:
        try:
            standings = await self._store.settle(reports)
        except Away:
            for bucket in due:
                bucket.stand_alone()
        else:
            now = self._clock()
            for bucket, standing in zip(due, standings, strict=True):
                bucket.correct(standing, now)
        finally:
            self._settling = None
            self._wake_again(self._clock())

    def _wake_again(self, now: float) -> None:
        if self._urgent:
            has_guess = any(bucket.is_guess for bucket in self._urgent)
            self._wake(GUESS_SECONDS if has_guess else URGENT_SECONDS)
        elif self._calm:
            self._wake(max(URGENT_SECONDS, self._calm[0][0] - now))
