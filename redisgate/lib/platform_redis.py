"""The platform's own Redis: a client for each event loop, one for threads that wait for answers,
and what happens while it is away.

It is optional. Whoever uses it says for what, has something to fall back on, and catches ``Away``.
Nothing is ever sent twice; the next call connects anew.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import cache
from threading import Lock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
import redis.asyncio.retry
import redis.retry
from django.conf import settings
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from redisgate.lib.breaker import Breaker, State, Terms

T = TypeVar("T")

CALL_SECONDS = 1.0
CONNECTIONS_MAX = 16
TERMS = Terms(failures=3, pause_seconds=1.0, probe_seconds=2.0)

log = logging.getLogger("redisgate.platform_redis")

calls: Counter[tuple[str, str]] = Counter()
"""By use and outcome: ``answered``, or ``fallback`` when the caller had to do without."""
events: Counter[str] = Counter()
"""How often the breaker went to each of its states."""


class Away(Exception):
    """The platform has no Redis, or it doesn't answer: do without it."""


class _Watch:
    """Whether it makes sense to ask, from any thread; failures and answers are told to it."""

    def __init__(self) -> None:
        self.breaker = Breaker(TERMS)
        self._lock = Lock()

    def require(self, use: str) -> None:
        """Raise Away while nobody should ask."""
        with self._lock:
            may_ask = self.breaker.may_ask(time.monotonic())
            if may_ask and not self.breaker.is_closed:
                events[State.HALF_OPEN] += 1
        if not may_ask:
            calls[use, "fallback"] += 1
            raise Away

    def failed(self, use: str, error: Exception) -> None:
        calls[use, "fallback"] += 1
        with self._lock:
            has_opened = self.breaker.failed(time.monotonic())
            if not self.breaker.is_closed:
                events[State.OPEN] += 1
        if has_opened:
            reason = type(error.__cause__ or error).__name__
            log.warning("the platform's Redis doesn't answer (%s): going on without it", reason)

    def answered(self, use: str) -> None:
        calls[use, "answered"] += 1
        if self.breaker.is_closed and not self.breaker.failures:
            return
        with self._lock:
            has_closed = self.breaker.succeeded(time.monotonic())
            if has_closed:
                events[State.CLOSED] += 1
        if has_closed:
            log.warning("the platform's Redis answers again")


class PlatformRedis:
    """Make it on the loop that will use it; an empty address means that there is none."""

    def __init__(self, url: str, *, call_seconds: float = CALL_SECONDS) -> None:
        self._call_seconds = call_seconds
        self._client = _client(url, call_seconds) if url else None
        self._watch = _Watch()

    @property
    def breaker(self) -> Breaker:
        return self._watch.breaker

    async def run(self, use: str, ask: Callable[["redis.asyncio.Redis"], Awaitable[T]]) -> T:
        """Give what ``ask`` gets from the client, within a second. Raises Away.

        After Away it is unknown whether the server ran the command. ``use`` names the purpose in
        metrics, so it comes from a small fixed set.
        """
        client = self._client
        if client is None:
            calls[use, "fallback"] += 1
            raise Away
        self._watch.require(use)
        try:
            async with asyncio.timeout(self._call_seconds):
                answer = await ask(client)
        except (RedisError, OSError, TimeoutError) as error:
            self._watch.failed(use, error)
            raise Away from error
        self._watch.answered(use)
        return answer

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()


class BlockingPlatformRedis:
    """The same for code that waits: pages, jobs, duties. Any thread may use it."""

    def __init__(self, url: str, *, call_seconds: float = CALL_SECONDS) -> None:
        self._client = _blocking_client(url, call_seconds) if url else None
        self._watch = _Watch()

    @property
    def breaker(self) -> Breaker:
        return self._watch.breaker

    def run(self, use: str, ask: Callable[["redis.Redis"], T]) -> T:
        """Give what ``ask`` gets from the client, each call of it within a second. Raises Away.

        After Away it is unknown whether the server ran the command.
        """
        if self._client is None:
            calls[use, "fallback"] += 1
            raise Away
        self._watch.require(use)
        try:
            answer = ask(self._client)
        except (RedisError, OSError) as error:
            self._watch.failed(use, error)
            raise Away from error
        self._watch.answered(use)
        return answer

    def close(self) -> None:
        if self._client is not None:
            self._client.close()


# A worker has one loop for its whole life; tests have many, one after another.
_by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, PlatformRedis] = WeakKeyDictionary()


def current() -> PlatformRedis:
    """Give the running loop's own client, made on first use."""
    loop = asyncio.get_running_loop()
    client = _by_loop.get(loop)
    if client is None:
        client = _by_loop[loop] = PlatformRedis(settings.REDIS_URL)
    return client


@cache
def blocking() -> BlockingPlatformRedis:
    """Give the client of this process for code that waits, made on first use."""
    return BlockingPlatformRedis(settings.REDIS_URL)


async def close() -> None:
    """Close what the running loop has opened, if anything."""
    client = _by_loop.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.close()


# redis-py would repeat a command up to ten times on its own, writes included.


def _client(url: str, call_seconds: float) -> "redis.asyncio.Redis":
    never = redis.asyncio.retry.Retry(NoBackoff(), 0)
    pool = redis.asyncio.BlockingConnectionPool.from_url(url, retry=never, **_options(call_seconds))
    return redis.asyncio.Redis.from_pool(pool)


def _blocking_client(url: str, call_seconds: float) -> "redis.Redis":
    never = redis.retry.Retry(NoBackoff(), 0)
    pool = redis.BlockingConnectionPool.from_url(url, retry=never, **_options(call_seconds))
    return redis.Redis.from_pool(pool)


def _options(call_seconds: float) -> dict[str, Any]:
    return {
        "protocol": 2,
        "socket_timeout": call_seconds,
        "socket_connect_timeout": call_seconds,
        "max_connections": CONNECTIONS_MAX,
        "timeout": call_seconds,
    }
