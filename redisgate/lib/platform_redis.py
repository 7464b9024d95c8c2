"""The platform's own Redis: a client for each event loop, one for threads that wait for answers.

It is optional. Whoever uses it says for what, has something to fall back on, and catches ``Away``.
Nothing is ever sent twice; the next call connects anew. While it is silent each client waits for it
once; after that nobody asks that client in vain, until its watch has had an answer.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from functools import cache, partial
from typing import Any, Literal, TypeVar
from weakref import WeakKeyDictionary

import redis
import redis.asyncio
import redis.asyncio.retry
import redis.retry
from django.conf import settings
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from redisgate.lib.breaker import Breaker
from redisgate.lib.redis_watch import Watch

T = TypeVar("T")
Use = Literal["rate_limit", "api_rate_limit", "session", "cache", "live", "job", "test"]
"""What it is asked for. Metrics have a series for each."""

CALL_SECONDS = 1.0
PAGE_SECONDS = 0.5
"""What a page may wait: whatever it asks for, the database has it, too."""
CONNECTIONS_MAX = 16


class Away(Exception):
    """The platform has no Redis, or it doesn't answer: do without it."""


class PlatformRedis:
    """Make it on the loop that will use it; an empty address means that there is none."""

    def __init__(self, url: str, *, call_seconds: float = CALL_SECONDS) -> None:
        self._call_seconds = call_seconds
        self._client = _client(url, call_seconds) if url else None
        self._watch = Watch(partial(_ping, url, call_seconds) if url else None)

    @property
    def breaker(self) -> Breaker:
        return self._watch.breaker

    async def run(self, use: Use, ask: Callable[["redis.asyncio.Redis"], Awaitable[T]]) -> T:
        """Give what ``ask`` gets from the client, within a second. Raises Away.

        After Away it is unknown whether the server ran the command.
        """
        if not self._watch.may_ask:
            self._watch.did_without(use)
            raise Away
        assert self._client is not None
        try:
            async with asyncio.timeout(self._call_seconds):
                answer = await ask(self._client)
        except (RedisError, OSError, TimeoutError) as error:
            self._watch.failed(use, error)
            raise Away from error
        self._watch.answered(use)
        return answer

    async def close(self) -> None:
        self._watch.close()
        if self._client is not None:
            await self._client.aclose()


class BlockingPlatformRedis:
    """The same for code that waits: pages, jobs, duties. Any thread may use it."""

    def __init__(self, url: str, *, call_seconds: float = CALL_SECONDS) -> None:
        self._client = _blocking_client(url, call_seconds) if url else None
        self._watch = Watch(partial(_ping, url, call_seconds) if url else None)

    @property
    def breaker(self) -> Breaker:
        return self._watch.breaker

    def run(self, use: Use, ask: Callable[["redis.Redis"], T]) -> T:
        """Give what ``ask`` gets from the client, each call of it within its time. Raises Away.

        After Away it is unknown whether the server ran the command.
        """
        if not self._watch.may_ask:
            self._watch.did_without(use)
            raise Away
        assert self._client is not None
        try:
            answer = ask(self._client)
        except (RedisError, OSError) as error:
            self._watch.failed(use, error)
            raise Away from error
        self._watch.answered(use)
        return answer

    def close(self) -> None:
        self._watch.close()
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
    return BlockingPlatformRedis(settings.REDIS_URL, call_seconds=PAGE_SECONDS)


# The thread that would close an open breaker again stays with the parent.
os.register_at_fork(after_in_child=blocking.cache_clear)


async def close() -> None:
    """Close what the running loop has opened, if anything."""
    client = _by_loop.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.close()


def _client(url: str, call_seconds: float) -> "redis.asyncio.Redis":
    never = redis.asyncio.retry.Retry(NoBackoff(), 0)
    options = {**_patience(call_seconds), "retry": never, **_pool(call_seconds)}
    pool = redis.asyncio.BlockingConnectionPool.from_url(url, **options)
    return redis.asyncio.Redis.from_pool(pool)


def _blocking_client(url: str, call_seconds: float) -> "redis.Redis":
    options = {**_patience(call_seconds), **_pool(call_seconds)}
    return redis.Redis.from_pool(redis.BlockingConnectionPool.from_url(url, **options))


def _ping(url: str, call_seconds: float) -> None:
    """Ask over a fresh connection."""
    client = redis.Redis.from_url(url, **_patience(call_seconds))
    try:
        client.ping()
    finally:
        client.close()


def _patience(call_seconds: float) -> dict[str, Any]:
    return {
        "protocol": 2,
        "socket_timeout": call_seconds,
        "socket_connect_timeout": call_seconds,
        # redis-py would repeat a command up to ten times on its own, writes included.
        "retry": redis.retry.Retry(NoBackoff(), 0),
    }


def _pool(call_seconds: float) -> dict[str, Any]:
    return {"max_connections": CONNECTIONS_MAX, "timeout": call_seconds}
