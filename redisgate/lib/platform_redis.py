"""The platform's own Redis: a client for each event loop, one for threads that wait for answers,
and what happens while it is away.

It is optional. Whoever uses it says for what, has something to fall back on, and catches ``Away``.
Nothing is ever sent twice; the next call connects anew. Whoever finds it silent waits for it once;
after that nobody does, until a thread of our own has had an answer.
"""

import asyncio
import logging
import os
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, Literal, TypeVar
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
Use = Literal["rate_limit", "api_rate_limit", "session", "cache", "live", "job", "test"]
"""What it is asked for. Metrics have a series for each."""

CALL_SECONDS = 1.0
PAGE_SECONDS = 0.5
"""What a page may wait: whatever it asks for, the database has it, too."""
CONNECTIONS_MAX = 16
TERMS = Terms(failures=3, pause_seconds=1.0, probe_seconds=2.0)
UNREACHED = (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError, OSError)
"""What a server that is away looks like. Any other error is an answer to one command alone."""

log = logging.getLogger("redisgate.platform_redis")

calls: Counter[tuple[str, str]] = Counter()
"""By use and outcome: ``answered``, or ``fallback`` when the caller had to do without."""
events: Counter[str] = Counter()
"""How often the breaker went to each of its states."""
_counting = threading.Lock()


class Away(Exception):
    """The platform has no Redis, or it doesn't answer: do without it."""


class _Watch:
    """Whether it makes sense to ask, from any thread; failures and answers are told to it.

    While nobody may ask, a thread does so every second, so that no caller has to try.
    """

    def __init__(self, url: str, call_seconds: float) -> None:
        self.breaker = Breaker(TERMS)
        self._url, self._call_seconds = url, call_seconds
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._refusals: set[tuple[str, str]] = set()

    def require(self, use: str) -> None:
        """Raise Away while nobody should ask."""
        if not (self._url and self.breaker.is_closed):
            _count(use, "fallback")
            raise Away

    def failed(self, use: str, error: Exception) -> None:
        _count(use, "fallback")
        if isinstance(error, UNREACHED):
            self._was_unreached(error)
        else:
            self._end_row()
            self._tell_refusal(use, type(error).__name__)

    def _was_unreached(self, error: Exception) -> None:
        with self._lock:
            has_opened = self.breaker.failed(time.monotonic(), at_once=_was_silent(error))
        if has_opened:
            _note(State.OPEN)
            reason = type(error.__cause__ or error).__name__
            log.warning("the platform's Redis doesn't answer (%s): going on without it", reason)
            threading.Thread(target=self._wait_for_answer, name="redis-probe", daemon=True).start()

    def _tell_refusal(self, use: str, reason: str) -> None:
        """Log it once: no memory left, or no permission, is so for each call that follows."""
        if (use, reason) not in self._refusals:
            self._refusals.add((use, reason))
            log.warning("the platform's Redis refuses a call of %s: %s", use, reason)

    def answered(self, use: str) -> None:
        _count(use, "answered")
        self._end_row()

    def _end_row(self) -> None:
        # A call that was under way when others failed says nothing about now.
        if self.breaker.failures and self.breaker.is_closed:
            with self._lock:
                self.breaker.failures = 0

    def close(self) -> None:
        self._closed.set()

    def _wait_for_answer(self) -> None:
        while not self._closed.wait(TERMS.pause_seconds):
            with self._lock:
                may_ask = self.breaker.may_ask(time.monotonic())
            if may_ask and self._is_answered():
                break

    def _is_answered(self) -> bool:
        """Ask over a fresh connection, and draw the conclusion."""
        _note(State.HALF_OPEN)
        client = redis.Redis.from_url(self._url, **_patience(self._call_seconds))
        try:
            client.ping()
        except (RedisError, OSError):
            with self._lock:
                self.breaker.failed(time.monotonic())
            _note(State.OPEN)
            return False
        finally:
            client.close()
        with self._lock:
            self.breaker.succeeded(time.monotonic())
        _note(State.CLOSED)
        log.warning("the platform's Redis answers again")
        return True


class PlatformRedis:
    """Make it on the loop that will use it; an empty address means that there is none."""

    def __init__(self, url: str, *, call_seconds: float = CALL_SECONDS) -> None:
        self._call_seconds = call_seconds
        self._client = _client(url, call_seconds) if url else None
        self._watch = _Watch(url, call_seconds)

    @property
    def breaker(self) -> Breaker:
        return self._watch.breaker

    async def run(self, use: Use, ask: Callable[["redis.asyncio.Redis"], Awaitable[T]]) -> T:
        """Give what ``ask`` gets from the client, within a second. Raises Away.

        After Away it is unknown whether the server ran the command.
        """
        self._watch.require(use)
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
        self._watch = _Watch(url, call_seconds)

    @property
    def breaker(self) -> Breaker:
        return self._watch.breaker

    def run(self, use: Use, ask: Callable[["redis.Redis"], T]) -> T:
        """Give what ``ask`` gets from the client, each call of it within its time. Raises Away.

        After Away it is unknown whether the server ran the command.
        """
        self._watch.require(use)
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


def _count(use: str, outcome: str) -> None:
    with _counting:
        calls[use, outcome] += 1


def _note(state: State) -> None:
    with _counting:
        events[state] += 1


def _was_silent(error: Exception) -> bool:
    """Tell a server that hangs, for which each further caller would wait, from one that refuses."""
    return isinstance(error, TimeoutError | redis.exceptions.TimeoutError)


def _client(url: str, call_seconds: float) -> "redis.asyncio.Redis":
    never = redis.asyncio.retry.Retry(NoBackoff(), 0)
    options = {**_patience(call_seconds), "retry": never, **_pool(call_seconds)}
    pool = redis.asyncio.BlockingConnectionPool.from_url(url, **options)
    return redis.asyncio.Redis.from_pool(pool)


def _blocking_client(url: str, call_seconds: float) -> "redis.Redis":
    options = {**_patience(call_seconds), **_pool(call_seconds)}
    return redis.Redis.from_pool(redis.BlockingConnectionPool.from_url(url, **options))


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
