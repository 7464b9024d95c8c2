"""A cache in front of slow look-ups: keys and instances.

An answer is trusted for less than a second, so that what is revoked is dead everywhere within
one, without anybody having to be told. One that will soon be another is trusted for a tenth, so
that nobody is told of a stop after the start. While the database is away a known answer goes on.
"""

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from redisgate.lib.errors import RedisGateError, Unavailable

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


UNKNOWN_PATIENCE = 5
"""How many times longer one waits where there is no former answer to go on with."""


@dataclass(slots=True)
class _Entry(Generic[V]):
    answer: V | RedisGateError
    looked_up_at: float
    fresh_until: float


@dataclass(slots=True)
class Outage:
    """Whether the latest look-up brought nothing; then known answers wait for none.

    Caches that ask one database share it, so that a command isn't patient with each of them.
    """

    has_failed: bool = False


class LookupCache(Generic[K, V]):
    """Remember what ``load`` answers, refusals included.

    ``load`` returns a value, raises a RedisGateError as the answer, or raises Unavailable when
    it could not look. ``is_passing`` tells the values that will soon be others. Many callers for
    one key cause one look-up. Caches of one database share an ``outage``, and all belong to one
    event loop.
    """

    def __init__(
        self,
        load: Callable[[K], Awaitable[V]],
        *,
        is_passing: Callable[[V], bool] = lambda _: False,
        fresh_seconds: float = 0.8,
        passing_seconds: float = 0.1,
        stale_seconds: float = 60.0,
        patience_seconds: float = 1.0,
        ahead_seconds: float = 0.0,
        size: int = 10_000,
        outage: Outage | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._load = load
        self._is_passing = is_passing
        self._fresh_seconds = fresh_seconds
        self._passing_seconds = passing_seconds
        self._stale_seconds = stale_seconds
        self._patience_seconds = patience_seconds
        self._ahead_seconds = ahead_seconds
        self._size = size
        self._clock = clock
        # Refusals have a smaller memory of their own, so that junk can't push out what is good.
        self._values: OrderedDict[K, _Entry[V]] = OrderedDict()
        self._refusals: OrderedDict[K, _Entry[V]] = OrderedDict()
        self._loading: dict[K, asyncio.Task[V]] = {}
        self._begun_at: dict[asyncio.Task[V], float] = {}
        self._due: set[K] = set()
        self._outage = outage or Outage()

    def peek(self, key: K) -> V | None:
        """Give the value, raise the refusal, or return None when what we know isn't fresh.

        What is used and soon won't be fresh is looked up again ahead of time, so that nobody
        waits for it, and together with others, so that it costs less.
        """
        entry = self._values.get(key) or self._refusals.get(key)
        if entry is None:
            return None
        now = self._clock()
        if now > entry.fresh_until:
            return None
        if self._ahead_seconds and now > entry.fresh_until - self._ahead_seconds:
            self._refresh_soon(key)
        return _answer(entry)

    def trusted_until(self, key: K) -> float:
        """Give until when the value of the key needn't be asked for again."""
        entry = self._values.get(key)
        if entry is None:
            return -math.inf
        soon = self._clock() + self._ahead_seconds / 4
        return min(entry.fresh_until, max(soon, entry.fresh_until - self._ahead_seconds))

    def _refresh_soon(self, key: K) -> None:
        if not self._due:
            asyncio.get_running_loop().call_later(self._ahead_seconds / 4, self._refresh)
        self._due.add(key)

    def _refresh(self) -> None:
        due, self._due = self._due, set()
        for key in due:
            if key not in self._loading:
                self._begin(key)

    def _begin(self, key: K) -> "asyncio.Task[V]":
        task = self._loading[key] = asyncio.create_task(self._look_up(key))
        self._begun_at[task] = self._clock()
        task.add_done_callback(lambda done: self._end(key, done))
        return task

    def _end(self, key: K, task: "asyncio.Task[V]") -> None:
        del self._begun_at[task]
        if self._loading.get(key) is task:
            del self._loading[key]
        if not task.cancelled():
            task.exception()  # looked at, because perhaps nobody waits for it

    async def get(self, key: K) -> V:
        """Give the value or raise the refusal; look it up when what we know isn't fresh."""
        known = self.peek(key)
        if known is not None:
            return known
        return await self._wait(key, self._loading.get(key) or self._begin(key))

    async def get_within(self, key: K, age_seconds: float) -> V:
        """Give the value or raise the refusal, from a question asked at most so long ago."""
        entry = self._values.get(key) or self._refusals.get(key)
        if entry is not None and self._clock() - entry.looked_up_at <= age_seconds:
            return _answer(entry)
        return await self._wait(key, self._loading.get(key) or self._begin(key))

    async def recheck(self, key: K) -> V:
        """Look anew however fresh our answer is, and give the value or raise the refusal."""
        entry = self._values.get(key)
        if entry is not None:
            entry.fresh_until = -math.inf
        # One that is under way may have asked before what made the caller doubt.
        return await self._wait(key, self._begin(key))

    async def _wait(self, key: K, task: "asyncio.Task[V]") -> V:
        try:
            return await self._patiently(task, key)
        except Unavailable:
            self._outage.has_failed = True
            entry = self._values.get(key)
            if entry is None or not self._may_serve_stale(entry):
                raise
            # Not on every request: the next one to try is a while away.
            entry.fresh_until = self._clock() + self._fresh_seconds
            return _answer(entry)

    async def _patiently(self, task: "asyncio.Task[V]", key: K) -> V:
        # Patience is with the look-up: of a silent database not everybody has to find out anew.
        asked_at = self._begun_at.get(task, self._clock())
        patience = self._patience_seconds
        entry = self._values.get(key)
        if entry is None or not self._may_serve_stale(entry):
            patience *= UNKNOWN_PATIENCE
        elif self._outage.has_failed:
            patience = 0
        left = max(0.0, asked_at + patience - self._clock())
        try:
            # Shielded, because the caller may go away while others wait for the same answer.
            return await asyncio.wait_for(asyncio.shield(task), left)
        except TimeoutError as error:
            raise Unavailable(
                "ERR the platform's database doesn't answer. Try again.", retry_after_seconds=1
            ) from error

    async def _look_up(self, key: K) -> V:
        # The age of an answer counts from the question: the truth may change while it travels.
        asked_at = self._clock()
        try:
            value = await self._load(key)
        except Unavailable:
            raise
        except RedisGateError as refusal:
            self._outage.has_failed = False
            self._values.pop(key, None)
            entry = _Entry[V](refusal, asked_at, asked_at + self._fresh_seconds)
            _remember(self._refusals, key, entry, max(1, self._size // 10))
            raise
        self._outage.has_failed = False
        self._refusals.pop(key, None)
        known = self._values.get(key)
        if known is not None and known.answer == value:
            # Who remembers the value by itself needn't notice.
            value = _answer(known)
        trusted = self._passing_seconds if self._is_passing(value) else self._fresh_seconds
        _remember(self._values, key, _Entry(value, asked_at, asked_at + trusted), self._size)
        return value

    def _may_serve_stale(self, entry: "_Entry[V]") -> bool:
        return self._clock() - entry.looked_up_at <= self._stale_seconds


def _answer(entry: "_Entry[V]") -> V:
    if isinstance(entry.answer, RedisGateError):
        # Raised many times, it would otherwise carry every earlier traceback along.
        raise entry.answer.with_traceback(None)
    return entry.answer


def _remember(memory: "OrderedDict[K, _Entry[V]]", key: K, entry: "_Entry[V]", size: int) -> None:
    memory[key] = entry
    memory.move_to_end(key)
    if len(memory) > size:
        memory.popitem(last=False)
