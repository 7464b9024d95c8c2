"""The script in the store: it agrees with the model, and forgets what is full."""

import random
from collections.abc import AsyncIterator
from typing import cast

import pytest
import pytest_asyncio
from pytest_django import Settings

from gateway.rate_store import PREFIX, NoRateStore, RedisRateStore, configured
from gateway.rates import Away
from gateway.token_bucket import Report
from redisgate.lib import platform_redis
from redisgate.lib.platform_redis import PlatformRedis
from tests.gateway.parts import Server, platform_url
from tests.gateway.rate_model import SharedBucket

KEY = PREFIX + "rg_key"


@pytest_asyncio.fixture
async def platform(server: Server) -> AsyncIterator[PlatformRedis]:
    platform = PlatformRedis(platform_url(server))
    yield platform
    await platform.close()


def report(spent: int = 0, age_seconds: float = 0.0, tokens_max: float = 100.0) -> Report:
    return Report("rg_key", 100, spent, age_seconds, tokens_max)


def fields(server: Server) -> dict[str, float]:
    raw = cast("dict[bytes, bytes]", server.admin().hgetall(KEY))
    return {name.decode(): float(value) for name, value in raw.items()}


def turn_back(server: Server, seconds: float) -> None:
    """Make it as if everything in the bucket had happened that much earlier."""
    for name, value in fields(server).items():
        if name != "tokens":
            server.tell("HSET", KEY, name, repr(value - seconds * 1000))


async def test_the_script_agrees_with_the_model(server: Server, platform: PlatformRedis) -> None:
    chance, model = random.Random(7), SharedBucket()
    stores = [RedisRateStore(platform) for _ in range(3)]
    for _ in range(200):
        place, age = chance.randrange(3), chance.choice((0, 10, 80, 500)) / 1000
        most = chance.choice((100.0, 100.0, 100.0, 7.5, -20.0))
        asked = report(chance.choice((0, 1, 30, 500)), age, most)
        [standing] = await stores[place].settle([asked])
        expected = model.settle(str(place), asked, fields(server)["at"] / 1000)
        assert standing.tokens == pytest.approx(expected.tokens, abs=0.001)
        assert standing.workers == expected.workers
        pause = chance.choice((0.0, 0.02, 0.3, 1.5))
        turn_back(server, pause)
        model.at -= pause
        model.seen = {name: at - pause for name, at in model.seen.items()}


async def test_several_keys_take_one_call(platform: PlatformRedis) -> None:
    reports = [Report(f"rg_{n}", 100 + n, n, 0.0, 1e9) for n in range(500)]
    standings = await RedisRateStore(platform).settle(reports)
    assert [round(standing.tokens) for standing in standings] == [100] * 500


async def test_a_bucket_lives_until_it_is_full_and_nobody_is_active(
    server: Server, platform: PlatformRedis
) -> None:
    store = RedisRateStore(platform)
    await store.settle([report()])
    assert 0 < server.admin().pttl(KEY) <= 1000
    await store.settle([report(spent=1000)])
    assert 9000 < server.admin().pttl(KEY) <= 11_000


async def test_a_server_clock_that_jumps_back_gives_and_takes_nothing(
    server: Server, platform: PlatformRedis
) -> None:
    store = RedisRateStore(platform)
    await store.settle([report(spent=90)])
    turn_back(server, -3600)
    [standing] = await store.settle([report()])
    assert standing.tokens == pytest.approx(10, abs=1)


async def test_the_setting_decides_whether_limits_are_shared(settings: Settings) -> None:
    settings.REDIS_URL = "unix:///nonexistent/socket"
    settings.RATE_LIMIT_REDIS = True
    assert isinstance(configured(), RedisRateStore)
    settings.RATE_LIMIT_REDIS = False
    assert isinstance(configured(), NoRateStore)
    await platform_redis.close()


async def test_a_store_that_is_away_says_so() -> None:
    platform = PlatformRedis("unix:///nonexistent/socket")
    with pytest.raises(Away):
        await RedisRateStore(platform).settle([report()])
    await platform.close()
