"""The official Python client against the running platform: only URL and token are changed."""

import asyncio
import json
from collections.abc import Iterator

import pytest
from upstash_redis import Redis
from upstash_redis.asyncio import Redis as AsyncRedis
from upstash_redis.errors import UpstashError

from tests.e2e.conftest import Ready

pytestmark = pytest.mark.e2e


@pytest.fixture
def redis(ready: Ready) -> Iterator[Redis]:
    with Redis(url=ready.url, token=ready.token, allow_telemetry=True) as client:
        yield client


def test_strings(redis: Redis) -> None:
    assert redis.set("py:a", "ü☃", ex=100)
    assert redis.get("py:a") == "ü☃"
    assert 0 < redis.ttl("py:a") <= 100
    assert redis.delete("py:n") in {0, 1}
    assert [redis.incr("py:n"), redis.incrby("py:n", 5), redis.decr("py:n")] == [1, 6, 5]
    assert not redis.set("py:a", "x", nx=True)
    assert redis.exists("py:a", "py:never") == 1
    assert redis.incrbyfloat("py:n", 0.5) == 5.5


def test_hashes_lists_sets_and_sorted_sets(redis: Redis) -> None:
    redis.delete("py:h", "py:l", "py:s", "py:z")
    assert redis.hset("py:h", values={"one": 1, "two": 2}) == 2
    assert redis.hgetall("py:h") == {"one": "1", "two": "2"}
    assert redis.rpush("py:l", "a", "b", "c") == 3
    assert redis.lpop("py:l", 2) == ["a", "b"]
    assert redis.sadd("py:s", "x", "y") == 2
    assert redis.smembers("py:s") in (["x", "y"], {"x", "y"}, ["y", "x"])
    assert redis.zadd("py:z", {"m": 1.5, "n": 2}) == 2
    assert redis.zrange("py:z", 0, -1, withscores=True) == [("m", 1.5), ("n", 2.0)]


def test_json_values_survive(redis: Redis) -> None:
    redis.set("py:j", json.dumps({"deep": [1, None, "ü"]}))
    assert json.loads(str(redis.get("py:j"))) == {"deep": [1, None, "ü"]}


def test_scripts_and_noscript(redis: Redis) -> None:
    assert redis.eval("return {KEYS[1], ARGV[1], 7}", ["k"], ["v"]) == ["k", "v", 7]
    digest = redis.script_load("return ARGV[1]")
    assert redis.evalsha(digest, [""], ["x"]) == "x"
    with pytest.raises(UpstashError, match="NOSCRIPT No matching script"):
        redis.evalsha("f" * 40, [], [])


def test_pipeline_and_transaction(redis: Redis) -> None:
    pipeline = redis.pipeline()
    pipeline.set("py:p", 1)
    pipeline.incr("py:p")
    pipeline.get("py:p")
    assert pipeline.exec() == [True, 2, "2"]
    transaction = redis.multi()
    transaction.incr("py:p")
    transaction.incr("py:p")
    assert transaction.exec() == [3, 4]


def test_scan_comes_to_an_end(redis: Redis) -> None:
    for number in range(30):
        redis.set(f"py:scan:{number}", number)
    found: set[str] = set()
    cursor = 0
    for _ in range(200):
        cursor, keys = redis.scan(cursor, match="py:scan:*", count=50)
        found.update(keys)
        if cursor == 0:
            break
    assert len(found) == 30


def test_errors_are_the_servers_own(redis: Redis) -> None:
    redis.delete("py:list")
    redis.rpush("py:list", "x")
    with pytest.raises(UpstashError, match="WRONGTYPE Operation against a key"):
        redis.get("py:list")


def test_wrong_token_is_refused(ready: Ready) -> None:
    with (
        Redis(url=ready.url, token="nonsense", rest_retries=0) as stranger,
        pytest.raises(UpstashError, match="WRONGPASS"),
    ):
        stranger.get("py:a")


async def test_fifty_at_once_get_their_own_replies(ready: Ready) -> None:
    async with AsyncRedis(url=ready.url, token=ready.token) as redis:
        nonces = [f"nonce-{number}" for number in range(50)]
        assert await asyncio.gather(*(redis.echo(nonce) for nonce in nonces)) == nonces
