"""The management API's limit counts in the platform's Redis, for all workers together."""

import asyncio
from collections.abc import Iterator

import pytest
from asgiref.sync import sync_to_async
from pytest_django import Settings

from redisgate.lib import api_rates, platform_redis
from tests.gateway.parts import Server, platform_url
from tests.waiting import PATIENCE_SECONDS


@pytest.fixture(autouse=True)
def own_client(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(platform_redis, "PAGE_SECONDS", PATIENCE_SECONDS)
    platform_redis.blocking.cache_clear()
    yield
    platform_redis.blocking().close()
    platform_redis.blocking.cache_clear()


async def test_requests_of_all_workers_are_counted_together(
    server: Server, settings: Settings
) -> None:
    settings.RATE_LIMIT_REDIS, settings.REDIS_URL = True, platform_url(server)
    spend = sync_to_async(api_rates._spend, thread_sensitive=False)
    ahead = await asyncio.gather(*(spend("ada", 10.0) for _ in range(9)))
    assert sum(each <= api_rates.WINDOW_SECONDS for each in ahead) == 6
    assert max(ahead) > api_rates.WINDOW_SECONDS


async def test_worker_counts_alone_while_the_store_is_away(settings: Settings) -> None:
    settings.RATE_LIMIT_REDIS, settings.REDIS_URL = True, "unix:///nonexistent/socket"
    spend = sync_to_async(api_rates._spend, thread_sensitive=False)
    ahead = [await spend("bob", 10.0) for _ in range(2)]
    assert 19 < ahead[1] <= 20
