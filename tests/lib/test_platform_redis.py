"""The platform's own Redis, while it is there, while it is away, and when it is back."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from redisgate.lib import platform_redis, redis_watch
from redisgate.lib.platform_redis import Away, BlockingPlatformRedis, PlatformRedis
from redisgate.lib.redis_watch import TERMS
from tests.gateway.parts import Server, platform_url, running_server
from tests.waiting import until, wait_until


@pytest.fixture
def server() -> Iterator[Server]:
    with running_server() as server:
        yield server


@pytest_asyncio.fixture
async def store(server: Server) -> AsyncIterator[PlatformRedis]:
    store = PlatformRedis(platform_url(server), call_seconds=0.5)
    yield store
    await store.close()


async def ping(client: "Redis") -> bool:
    return bool(await client.ping())


async def answers(store: PlatformRedis) -> bool:
    try:
        return await store.run("test", ping)
    except Away:
        return False


async def answer_comes_back(store: PlatformRedis) -> None:
    async with asyncio.timeout(60):
        is_back = False
        while not is_back:
            await asyncio.sleep(0.02)
            is_back = await answers(store)


async def test_what_the_server_answers_is_given_and_counted(store: PlatformRedis) -> None:
    before = redis_watch.calls["test", "answered"]
    assert await store.run("test", ping)
    assert redis_watch.calls["test", "answered"] == before + 1


async def test_without_an_address_it_is_away_at_once() -> None:
    store = PlatformRedis("")
    before = redis_watch.calls["test", "fallback"]
    with pytest.raises(Away):
        await store.run("test", ping)
    assert redis_watch.calls["test", "fallback"] == before + 1
    await store.close()


async def test_a_killed_server_is_away_and_back_by_itself(
    server: Server, store: PlatformRedis
) -> None:
    assert await answers(store)
    server.kill()
    for _ in range(TERMS.failures):
        assert not await answers(store)
    assert not store.breaker.is_closed
    await asyncio.to_thread(server.start)
    await answer_comes_back(store)
    assert store.breaker.is_closed


async def test_a_restart_between_two_calls_is_not_noticed(
    server: Server, store: PlatformRedis
) -> None:
    assert await answers(store)
    server.kill()
    await asyncio.to_thread(server.start)
    assert await answers(store)


async def test_a_server_that_hangs_costs_one_slow_call(
    server: Server, store: PlatformRedis
) -> None:
    await answer_comes_back(store)
    opened, closed = redis_watch.events["open"], redis_watch.events["closed"]
    server.freeze()
    loop = asyncio.get_running_loop()
    assert not await answers(store)
    begin = loop.time()
    for _ in range(100):
        assert not await answers(store)
    assert loop.time() - begin < 100 * 0.5 / 2, "nobody waits any more"
    await until(lambda: redis_watch.events["open"] > opened + 1, "somebody asks for all")
    server.thaw()
    await answer_comes_back(store)
    assert redis_watch.events["closed"] == closed + 1


async def test_an_error_is_told_as_away_and_the_words_of_the_server_are_its_cause(
    store: PlatformRedis,
) -> None:
    await store.run("test", lambda client: client.set("s", "text"))
    with pytest.raises(Away) as caught:
        await store.run("test", lambda client: client.lpush("s", 1))
    assert "WRONGTYPE" in str(caught.value.__cause__)


async def test_a_server_that_refuses_is_no_server_that_is_away(
    store: PlatformRedis, caplog: pytest.LogCaptureFixture
) -> None:
    await answer_comes_back(store)
    await store.run("test", lambda client: client.set("s", "text"))
    before = redis_watch.calls["test", "fallback"]
    for _ in range(TERMS.failures + 1):
        with pytest.raises(Away):
            await store.run("test", lambda client: client.lpush("s", 1))
    assert redis_watch.calls["test", "fallback"] == before + TERMS.failures + 1
    assert await answers(store)
    told = [each.getMessage() for each in caplog.records if "refuses" in each.getMessage()]
    assert told == ["the platform's Redis refuses a call of test: ResponseError"]


async def test_each_loop_has_its_own() -> None:
    here = platform_redis.current()
    assert platform_redis.current() is here

    async def elsewhere() -> PlatformRedis:
        return platform_redis.current()

    assert await asyncio.to_thread(lambda: asyncio.run(elsewhere())) is not here
    await platform_redis.close()
    assert platform_redis.current() is not here
    await platform_redis.close()


def test_code_that_waits_has_its_own_client(server: Server) -> None:
    store = BlockingPlatformRedis(platform_url(server), call_seconds=0.5)
    assert store.run("test", lambda client: client.ping())
    server.kill()
    for _ in range(TERMS.failures):
        with pytest.raises(Away):
            store.run("test", lambda client: client.ping())
    assert not store.breaker.is_closed
    server.start()
    wait_until(lambda: is_answered(store), "an answer")
    assert not store.breaker.failures
    store.close()


def test_a_page_waits_for_a_server_that_hangs_only_once(server: Server) -> None:
    store = BlockingPlatformRedis(platform_url(server), call_seconds=0.5)
    wait_until(lambda: is_answered(store), "an answer")
    server.freeze()
    assert not is_answered(store)
    begin = time.monotonic()
    assert not any(is_answered(store) for _ in range(100))
    assert time.monotonic() - begin < 100 * 0.5 / 2, "nobody waits any more"
    server.thaw()
    wait_until(lambda: is_answered(store), "an answer")
    store.close()


def is_answered(store: BlockingPlatformRedis) -> bool:
    try:
        return bool(store.run("test", lambda client: client.ping()))
    except Away:
        return False
