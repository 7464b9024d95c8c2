"""Rate limits of one worker, and of two that share a real store."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from uuid import uuid4

import pytest
import pytest_asyncio

from gateway import rates as rates_module
from gateway.errors import RateLimited
from gateway.rate_store import NoRateStore, RedisRateStore
from gateway.rates import Rates, RateStore
from redisgate.lib import redis_watch
from redisgate.lib.platform_redis import PlatformRedis
from tests.gateway.parts import Key, Server, platform_url
from tests.waiting import until

MakeRates = Callable[[RateStore], Rates]


@pytest_asyncio.fixture
async def worker() -> AsyncIterator[MakeRates]:
    """Make workers that are closed when the test ends."""
    made: list[Rates] = []

    def make(store: RateStore) -> Rates:
        made.append(Rates(store))
        return made[-1]

    yield make
    for rates in made:
        await rates.close()


@pytest_asyncio.fixture
async def platform(own_server: Server) -> AsyncIterator[PlatformRedis]:
    platform = PlatformRedis(platform_url(own_server), call_seconds=0.5)
    yield platform
    await platform.close()


def key(limit: int, name: str = "rg_key") -> Key:
    return Key(uuid4(), acl_user=name, rate_limit=limit)


def is_refused(rates: Rates, principal: Key) -> bool:
    try:
        rates.take(principal, 1)
    except RateLimited:
        return True
    return False


async def test_a_default_key_may_send_a_thousand_commands_at_once_and_then_waits(
    worker: MakeRates,
) -> None:
    alone, default = worker(NoRateStore()), key(100)
    allowance = alone.take(default, 1000)
    assert (allowance.limit, allowance.remaining, allowance.reset_seconds) == (100, 0, 10)
    with pytest.raises(RateLimited, match="may run 100 commands a second") as refused:
        alone.take(default, 1)
    assert refused.value.retry_after_seconds == pytest.approx(9, abs=0.2)


async def test_looking_takes_nothing(worker: MakeRates) -> None:
    alone = worker(NoRateStore())
    assert alone.look(key(100)).remaining == 100
    alone.take(key(100), 60)
    assert 40 <= alone.look(key(100)).remaining == alone.look(key(100)).remaining < 60


async def test_keys_have_buckets_of_their_own(worker: MakeRates) -> None:
    alone = worker(NoRateStore())
    alone.take(key(5), 1000)
    assert is_refused(alone, key(5))
    assert not is_refused(alone, key(5, "rg_other"))


async def test_a_changed_limit_counts_at_once(worker: MakeRates) -> None:
    alone = worker(NoRateStore())
    alone.take(key(5), 1000)
    assert alone.take(key(50), 1).limit == 50


async def test_memory_is_bounded_and_debts_are_kept(
    worker: MakeRates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rates_module, "BUCKETS_MAX", 10)
    alone = worker(NoRateStore())
    for place in range(95):
        alone.take(key(1, f"rg_{place}"), 10)
        assert len(alone._buckets) <= 10
    assert is_refused(alone, key(1, "rg_94"))


async def test_nothing_ticks_when_nothing_is_asked(
    worker: MakeRates, platform: PlatformRedis
) -> None:
    rates = worker(RedisRateStore(platform))
    rates.take(key(100), 1)
    await until(lambda: rates._timer is None and rates._settling is None)


async def test_a_worker_that_ends_leaves_nothing_behind(
    worker: MakeRates, platform: PlatformRedis, own_server: Server
) -> None:
    rates = worker(RedisRateStore(platform))
    own_server.tell("CLIENT", "PAUSE", "400", "ALL")
    rates.take(key(100), 1)
    await until(lambda: rates._settling is not None)
    rates.take(key(100), 1)
    await rates.close()
    assert (rates._timer, rates._settling) == (None, None)


async def test_what_one_worker_spends_another_lacks(
    worker: MakeRates, platform: PlatformRedis
) -> None:
    one, other = worker(RedisRateStore(platform)), worker(RedisRateStore(platform))
    one.take(key(100), 1000)
    await until(lambda: is_refused(other, key(100)), seconds=2)


async def test_a_burst_may_come_to_one_worker_alone(
    worker: MakeRates, platform: PlatformRedis
) -> None:
    one, other = worker(RedisRateStore(platform)), worker(RedisRateStore(platform))
    other.take(key(100), 1)
    one.take(key(100), 1)
    await until(lambda: one._settling is None and one._timer is None)
    assert not any(is_refused(one, key(100)) for _ in range(90))


async def test_without_the_store_each_worker_counts_alone_until_it_is_back(
    worker: MakeRates, platform: PlatformRedis, own_server: Server
) -> None:
    one, other = worker(RedisRateStore(platform)), worker(RedisRateStore(platform))
    fallbacks = redis_watch.calls["rate_limit", "fallback"]
    one.take(key(100), 1)
    own_server.kill()
    one.take(key(100), 10_000)
    assert not is_refused(other, key(100))
    await until(lambda: redis_watch.calls["rate_limit", "fallback"] > fallbacks)
    assert not is_refused(other, key(100)), "they no longer know of each other"
    await asyncio.to_thread(own_server.start)

    def is_shared() -> bool:
        with suppress(RateLimited):
            one.take(key(100), 300)
        return is_refused(other, key(100))

    # Alone, the other would be refused no one of so few.
    await until(is_shared, "the limit is shared again")
