"""The official Python rate limiter against the running platform, with the scripts that it ships."""

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import pytest
from upstash_ratelimit import FixedWindow, Ratelimit, SlidingWindow, TokenBucket
from upstash_ratelimit.asyncio import Ratelimit as AsyncRatelimit
from upstash_ratelimit.limiter import Limiter
from upstash_redis import Redis
from upstash_redis.asyncio import Redis as AsyncRedis

from tests.e2e.conftest import Ready

pytestmark = pytest.mark.e2e

LIMITERS = {
    "fixed window": FixedWindow(max_requests=3, window=1, unit="h"),
    "sliding window": SlidingWindow(max_requests=3, window=1, unit="h"),
    "token bucket": TokenBucket(max_tokens=3, refill_rate=1, interval=1, unit="h"),
}

each_limiter = pytest.mark.parametrize("limiter", LIMITERS.values(), ids=LIMITERS.keys())


@pytest.fixture
def redis(ready: Ready) -> Iterator[Redis]:
    with Redis(url=ready.url, token=ready.token) as client:
        yield client


@each_limiter
def test_three_pass_and_the_fourth_waits(redis: Redis, limiter: Limiter) -> None:
    limit = Ratelimit(redis, limiter, prefix=f"pyrl:{uuid4()}")
    answers = [limit.limit("ann") for _ in range(4)]
    assert [answer.allowed for answer in answers] == [True, True, True, False]
    assert [answer.remaining for answer in answers[:3]] == [2, 1, 0]
    assert limit.get_remaining("ann") == 0
    assert limit.limit("bob").allowed


@each_limiter
async def test_the_limit_is_exact_when_all_ask_at_once(ready: Ready, limiter: Limiter) -> None:
    async with AsyncRedis(url=ready.url, token=ready.token) as redis:
        limit = AsyncRatelimit(redis, limiter, prefix=f"pyrl:{uuid4()}")
        answers = await asyncio.gather(*(limit.limit("ann") for _ in range(20)))
    assert sum(answer.allowed for answer in answers) == 3
