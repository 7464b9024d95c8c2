"""The cache in front of look-ups, on values and a clock of our own."""

import asyncio
from uuid import uuid4

import pytest

from gateway.errors import MissingOrInvalidToken
from gateway.lookup_cache import LookupCache, Outage
from redisgate.lib.errors import Unavailable
from tests.waiting import until


class Source:
    """A database whose answers, speed and presence the test decides."""

    def __init__(self, *, patience_seconds: float = 0.01, outage: Outage | None = None) -> None:
        self.now = 1000.0
        self.values: dict[str, str] = {"key": "one"}
        self.is_away = False
        self.asked: list[str] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.cache = LookupCache(
            self.load,
            is_passing=lambda value: value == "stopped",
            clock=lambda: self.now,
            size=30,
            patience_seconds=patience_seconds,
            outage=outage,
        )

    async def load(self, key: str) -> str:
        self.asked.append(key)
        await self.gate.wait()
        if self.is_away:
            raise Unavailable("away")
        if key not in self.values:
            raise MissingOrInvalidToken
        return self.values[key]


@pytest.fixture
async def source() -> Source:
    return Source()


async def test_a_fresh_answer_is_not_looked_up_again(source: Source) -> None:
    assert await source.cache.get("key") == "one"
    source.now += 0.7
    assert await source.cache.get("key") == "one"
    assert source.asked == ["key"]


async def test_a_revoked_key_is_refused_within_a_second(source: Source) -> None:
    await source.cache.get("key")
    del source.values["key"]
    source.now += 0.9
    with pytest.raises(MissingOrInvalidToken):
        await source.cache.get("key")


async def test_an_answer_that_will_soon_be_another_is_trusted_for_a_tenth_of_a_second(
    source: Source,
) -> None:
    source.values["key"] = "stopped"
    assert await source.cache.get("key") == "stopped"
    source.values["key"] = "running"
    source.now += 0.09
    assert await source.cache.get("key") == "stopped"
    source.now += 0.02
    answers = await asyncio.gather(*(source.cache.get("key") for _ in range(100)))
    assert set(answers) == {"running"}
    assert source.asked == ["key", "key"]
    source.now += 0.7
    await source.cache.get("key")
    assert source.asked == ["key", "key"]


async def test_a_passing_answer_goes_on_while_the_database_is_away(source: Source) -> None:
    source.values["key"] = "stopped"
    await source.cache.get("key")
    source.is_away = True
    source.now += 0.2
    assert await source.cache.get("key") == "stopped"
    source.now += 0.2
    assert await source.cache.get("key") == "stopped"
    assert source.asked == ["key", "key"]


async def test_a_recheck_looks_anew_however_fresh_the_answer_is(source: Source) -> None:
    await source.cache.get("key")
    source.values["key"] = "two"
    assert await source.cache.recheck("key") == "two"
    del source.values["key"]
    with pytest.raises(MissingOrInvalidToken):
        await source.cache.recheck("key")


async def test_age_counts_from_the_question_not_from_the_answer(source: Source) -> None:
    source.gate.clear()
    task = asyncio.create_task(source.cache.get("key"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    source.now += 0.9
    source.gate.set()
    assert await task == "one"
    await source.cache.get("key")
    assert source.asked == ["key", "key"]


async def test_a_storm_for_one_key_makes_one_look_up(source: Source) -> None:
    answers = await asyncio.gather(*(source.cache.get("key") for _ in range(100)))
    assert set(answers) == {"one"}
    assert source.asked == ["key"]


async def test_one_caller_leaving_does_not_take_the_answer_from_the_others(source: Source) -> None:
    source.gate.clear()
    first, second = (asyncio.create_task(source.cache.get("key")) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    source.gate.set()
    assert await second == "one"


async def test_a_refusal_is_remembered_and_forgotten_again(source: Source) -> None:
    for _ in range(2):
        with pytest.raises(MissingOrInvalidToken):
            await source.cache.get("later")
    assert source.asked == ["later"]
    source.values["later"] = "two"
    source.now += 0.9
    assert await source.cache.get("later") == "two"


async def test_junk_does_not_push_out_known_keys(source: Source) -> None:
    await source.cache.get("key")
    for _ in range(10):
        with pytest.raises(MissingOrInvalidToken):
            await source.cache.get(uuid4().hex)
    source.asked.clear()
    assert await source.cache.get("key") == "one"
    assert source.asked == []
    assert len(source.cache._refusals) == 3


async def test_known_keys_work_for_a_minute_while_the_database_is_away(source: Source) -> None:
    await source.cache.get("key")
    source.is_away = True
    source.now += 30
    assert await source.cache.get("key") == "one"
    assert await source.cache.get("key") == "one"
    assert source.asked == ["key", "key"]
    with pytest.raises(Unavailable):
        await source.cache.get("unknown")
    source.now += 31
    with pytest.raises(Unavailable):
        await source.cache.get("key")


async def test_a_database_that_hangs_is_as_good_as_away(source: Source) -> None:
    await source.cache.get("key")
    source.gate.clear()
    source.now += 2
    assert await source.cache.get("key") == "one"
    source.gate.set()
    await asyncio.gather(*source.cache._loading.values())


async def test_an_answer_in_use_is_looked_up_again_before_anybody_has_to_wait() -> None:
    source = Source()
    cache = LookupCache(source.load, clock=lambda: source.now, ahead_seconds=0.04)
    assert await cache.get("key") == "one"
    source.values["key"] = "two"
    source.now += 0.78
    assert cache.peek("key") == "one"
    assert cache.peek("key") == "one"
    await until(lambda: cache.peek("key") == "two")
    assert source.asked == ["key", "key"]


async def test_what_is_looked_up_ahead_and_refused_is_refused_at_once() -> None:
    source = Source()
    cache = LookupCache(source.load, clock=lambda: source.now, ahead_seconds=0.04)
    await cache.get("key")
    del source.values["key"]
    source.now += 0.78
    assert cache.peek("key") == "one"
    await until(lambda: len(source.asked) == 2)
    with pytest.raises(MissingOrInvalidToken):
        await cache.get("key")


async def test_nothing_is_trusted_for_longer_than_it_is_fresh() -> None:
    source = Source()
    cache = LookupCache(source.load, clock=lambda: source.now, ahead_seconds=0.4)
    await cache.get("key")
    asked_at = source.now
    assert cache.trusted_until("key") == pytest.approx(asked_at + 0.4)
    source.now += 0.35
    assert cache.trusted_until("key") == pytest.approx(asked_at + 0.45)
    source.now += 0.43
    assert cache.trusted_until("key") == pytest.approx(asked_at + 0.8)
    assert cache.trusted_until("other") < asked_at


async def test_an_equal_answer_is_the_value_that_is_known(source: Source) -> None:
    first = await source.cache.get("key")
    source.values["key"] = "".join(["o", "ne"])  # equal, and another object
    source.now += 1
    assert await source.cache.get("key") is first
    assert len(source.asked) == 2


async def test_whoever_is_unknown_waits_no_longer_than_five_times_as_long(source: Source) -> None:
    source.gate.clear()
    async with asyncio.timeout(60):
        with pytest.raises(Unavailable):
            await source.cache.get("key")
    source.gate.set()


async def test_while_the_database_is_away_known_answers_wait_for_no_look_up() -> None:
    source = Source(patience_seconds=3600)
    await source.cache.get("key")
    source.is_away = True
    source.now += 1
    assert await source.cache.get("key") == "one"
    source.gate.clear()
    source.now += 1
    async with asyncio.timeout(60):
        assert await source.cache.get("key") == "one"
    source.is_away = False
    source.values["key"] = "two"
    source.gate.set()
    source.now += 1
    await until(lambda: source.asked.count("key") == 3)
    async with asyncio.timeout(60):
        while await source.cache.get("key") != "two":
            source.now += 1
            await asyncio.sleep(0)


async def test_nobody_waits_anew_for_a_look_up_that_hangs() -> None:
    source = Source(patience_seconds=50)
    await source.cache.get("key")
    source.gate.clear()
    source.now += 1
    first = asyncio.create_task(source.cache.get("key"))
    await until(lambda: source.asked == ["key", "key"])
    source.now += 50
    async with asyncio.timeout(30):
        assert await source.cache.get("key") == "one"
    source.gate.set()
    assert await first == "one"


async def test_first_to_come_long_after_an_outage_is_answered(source: Source) -> None:
    await source.cache.get("key")
    source.is_away = True
    source.now += 1
    assert await source.cache.get("key") == "one"
    source.is_away = False
    source.now += 3600  # nobody came meanwhile
    assert await source.cache.get("key") == "one"


async def test_caches_of_one_database_learn_from_each_other_that_it_is_away() -> None:
    outage = Outage()
    keys = Source(patience_seconds=3600, outage=outage)
    instances = Source(patience_seconds=3600, outage=outage)
    for each in (keys, instances):
        await each.cache.get("key")
        each.now += 1
    keys.is_away = True
    assert await keys.cache.get("key") == "one"
    instances.gate.clear()
    async with asyncio.timeout(60):
        assert await instances.cache.get("key") == "one"
