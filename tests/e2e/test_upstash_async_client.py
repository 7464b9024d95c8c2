"""The official Python client on asyncio against the running platform."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from upstash_redis.asyncio import Redis
from upstash_redis.errors import UpstashError

from tests.e2e.conftest import Ready

pytestmark = pytest.mark.e2e


@pytest_asyncio.fixture
async def redis(ready: Ready) -> AsyncIterator[Redis]:
    async with Redis(url=ready.url, token=ready.token) as client:
        yield client


async def test_commands_of_every_type(redis: Redis) -> None:
    await redis.delete("apy:s", "apy:h", "apy:l", "apy:z")
    assert await redis.set("apy:s", "ü☃", ex=100)
    assert await redis.get("apy:s") == "ü☃"
    assert await redis.hset("apy:h", values={"one": 1}) == 1
    assert await redis.hgetall("apy:h") == {"one": "1"}
    assert await redis.rpush("apy:l", "a", "b") == 2
    assert await redis.lrange("apy:l", 0, -1) == ["a", "b"]
    assert await redis.zadd("apy:z", {"m": 1.5}) == 1
    assert await redis.zrange("apy:z", 0, -1, withscores=True) == [("m", 1.5)]


async def test_pipeline_and_transaction(redis: Redis) -> None:
    await redis.delete("apy:p")
    pipeline = redis.pipeline()
    pipeline.incr("apy:p")
    pipeline.get("apy:p")
    assert await pipeline.exec() == [1, "1"]
    transaction = redis.multi()
    transaction.incr("apy:p")
    transaction.incr("apy:p")
    assert await transaction.exec() == [2, 3]


async def test_noscript_and_other_errors(redis: Redis) -> None:
    with pytest.raises(UpstashError, match="NOSCRIPT No matching script"):
        await redis.evalsha("f" * 40, [""], [])
    with pytest.raises(UpstashError, match="wrong number of arguments"):
        await redis.execute(["GET"])


async def test_fifty_at_once_get_their_own_replies(redis: Redis) -> None:
    nonces = [f"nonce-{number}" for number in range(50)]
    assert await asyncio.gather(*(redis.echo(nonce) for nonce in nonces)) == nonces
