"""The platform's own Redis: one client for each event loop, and what happens while it is away.

It is optional. Whoever uses it says for what, has something to fall back on, and catches ``Away``.
Nothing is ever sent twice; the next call connects anew.
"""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry
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


class PlatformRedis:
    """Make it on the loop that will use it; an empty address means that there is none."""

    def __init__(self, url: str, *, call_seconds: float = CALL_SECONDS) -> None:
        self._call_seconds = call_seconds
        self._client = _client(url, call_seconds) if url else None
        self.breaker = Breaker(TERMS)

    async def run(self, use: str, ask: Callable[["redis.asyncio.Redis"], Awaitable[T]]) -> T:
        """Give what ``ask`` gets from the client, within a second. Raises Away.

        After Away it is unknown whether the server ran the command. ``use`` names the purpose in
        metrics, so it comes from a small fixed set.
        """
        if self._client is None or not self._may_ask():
            calls[use, "fallback"] += 1
            raise Away
        try:
            async with asyncio.timeout(self._call_seconds):
                answer = await ask(self._client)
        except (RedisError, OSError, TimeoutError) as error:
            self._note_failure(error)
            calls[use, "fallback"] += 1
            raise Away from error
        self._note_answer()
        calls[use, "answered"] += 1
        return answer

    def _may_ask(self) -> bool:
        may_ask = self.breaker.may_ask(time.monotonic())
        if may_ask and not self.breaker.is_closed:
            events[State.HALF_OPEN] += 1
        return may_ask

    def _note_failure(self, error: Exception) -> None:
        if self.breaker.failed(time.monotonic()):
            reason = type(error.__cause__ or error).__name__
            log.warning("the platform's Redis doesn't answer (%s): going on without it", reason)
        if not self.breaker.is_closed:
            events[State.OPEN] += 1

    def _note_answer(self) -> None:
        if self.breaker.succeeded(time.monotonic()):
            events[State.CLOSED] += 1
            log.warning("the platform's Redis answers again")

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()


# A worker has one loop for its whole life; tests have many, one after another.
_by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, PlatformRedis] = WeakKeyDictionary()


def current() -> PlatformRedis:
    """Give the running loop's own client, made on first use."""
    loop = asyncio.get_running_loop()
    client = _by_loop.get(loop)
    if client is None:
        client = _by_loop[loop] = PlatformRedis(settings.REDIS_URL)
    return client


async def close() -> None:
    """Close what the running loop has opened, if anything."""
    client = _by_loop.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.close()


def _client(url: str, call_seconds: float) -> "redis.asyncio.Redis":
    # redis-py would repeat a command up to ten times on its own, writes included.
    pool = redis.asyncio.BlockingConnectionPool.from_url(
        url,
        protocol=2,
        retry=Retry(NoBackoff(), 0),
        socket_timeout=call_seconds,
        socket_connect_timeout=call_seconds,
        max_connections=CONNECTIONS_MAX,
        timeout=call_seconds,
    )
    return redis.asyncio.Redis.from_pool(pool)
