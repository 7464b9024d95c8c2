"""What is kept in the platform's Redis: for whom, for how long, and made by how many."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from pytest_django import Settings

from redisgate.lib import cache
from redisgate.lib.cache import Kept
from tests.gateway.parts import Server, running_server
from tests.shared_redis import used
from tests.waiting import wait_until

pytestmark = pytest.mark.usefixtures("cache_redis")

ACME, GLOBEX = uuid4(), uuid4()


def kept(seconds: float | None = None) -> Kept[UUID]:
    return Kept("test", write=str, read=UUID, seconds=seconds)


def outcomes(of: Callable[[], object]) -> list[str]:
    """Say what was counted while something was done."""
    before = cache.requests.copy()
    of()
    return [outcome for _, outcome in (cache.requests - before).elements()]


def test_what_was_made_once_is_kept() -> None:
    first = kept().of(ACME, "a", make=uuid4)
    assert kept().of(ACME, "a", make=uuid4) == first
    assert outcomes(lambda: kept().of(ACME, "a", make=uuid4)) == ["hit"]


def test_nothing_of_one_organization_is_found_under_another() -> None:
    assert kept().of(ACME, "a", make=uuid4) != kept().of(GLOBEX, "a", make=uuid4)
    assert kept().of(None, "a", make=uuid4) != kept().of(ACME, "a", make=uuid4)


def test_keys_say_whose_they_are_and_what(cache_redis: Server, settings: Settings) -> None:
    settings.REDIS_TTL = 120
    kept().of(ACME, "a", 7, make=uuid4)
    name = f"redisgate:cache:{cache.FORM}:org:{ACME}:test:a:7"
    assert 120 < cache_redis.admin().ttl(name) <= 120 + cache.STALE_SECONDS


def test_another_version_is_another_thing() -> None:
    assert kept().of(ACME, 1, make=uuid4) != kept().of(ACME, 2, make=uuid4)


def test_what_another_version_wrote_in_another_form_is_made_anew() -> None:
    cache.put(cache.key_of(ACME, "test"), {"number": 7}, seconds=60)
    made = list[UUID]()
    assert outcomes(lambda: made.append(kept().of(ACME, make=uuid4))) == ["miss"]
    assert kept().of(ACME, make=uuid4) == made[0]


def test_what_is_forgotten_is_made_anew() -> None:
    first = kept().of(ACME, make=uuid4)
    kept().forget(ACME)
    assert kept().of(ACME, make=uuid4) != first


def test_of_many_who_miss_one_makes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "WAIT_SECONDS", 60.0)
    monkeypatch.setattr(cache, "MAKING_SECONDS", 120.0)
    made, asking = list[UUID](), list[int]()

    def make() -> UUID:
        wait_until(lambda: len(asking) == 8, "all others ask")
        made.append(uuid4())
        return made[-1]

    def ask() -> UUID:
        asking.append(1)
        return kept().of(ACME, make=make)

    with ThreadPoolExecutor(8) as threads:
        answers = [future.result() for future in [threads.submit(ask) for _ in range(8)]]
    assert set(answers) == {made[0]}
    assert len(made) == 1


def test_while_one_makes_it_anew_others_take_what_was_good_until_now() -> None:
    old = kept(seconds=0.05).of(ACME, make=uuid4)
    wait_until(lambda: not is_good(), "its time is over")
    asked, answered = threading.Event(), threading.Event()

    def make_slowly() -> UUID:
        asked.set()
        assert answered.wait(60)
        return uuid4()

    with ThreadPoolExecutor(1) as thread:
        making = thread.submit(lambda: kept().of(ACME, make=make_slowly))
        assert asked.wait(60)
        begin = time.monotonic()
        assert kept().of(ACME, make=uuid4) == old
        assert time.monotonic() - begin < 30
        answered.set()
        assert making.result() != old


def is_good() -> bool:
    found = cache.get(cache.key_of(ACME, "test"))
    return found is not None and found.is_good


def test_a_maker_that_fails_leaves_nothing_in_the_way() -> None:
    def fail() -> UUID:
        raise LookupError

    with pytest.raises(LookupError):
        kept().of(ACME, make=fail)
    assert outcomes(lambda: kept().of(ACME, make=uuid4)) == ["miss"]


def test_without_redis_everything_is_made_each_time_and_counted(settings: Settings) -> None:
    with running_server() as server, used(server, settings, "CACHE_REDIS"):
        first = kept().of(ACME, make=uuid4)
        server.kill()
        assert outcomes(lambda: kept().of(ACME, make=uuid4)) == ["away"]
        assert kept().of(ACME, make=uuid4) != first


def test_switched_off_nothing_is_kept_nor_counted(settings: Settings) -> None:
    settings.CACHE_REDIS = False
    first = kept().of(ACME, make=uuid4)
    assert kept().of(ACME, make=uuid4) != first
    assert outcomes(lambda: kept().of(ACME, make=uuid4)) == []
