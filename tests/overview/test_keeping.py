"""Figures of many servers are kept for everybody who looks, of just these servers."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from audit import versions
from figures.lines import Lines
from orgs import services as orgs
from overview import facts, hour
from overview.hour import Hour
from overview.memory_hints import LongLine
from redisgate.lib import cache
from tests.conftest import Cast, actor

pytestmark = pytest.mark.usefixtures("cache_redis")

SEVERAL = [uuid4() for _ in range(12)]


class Reader:
    """Reads figures, and says how often it did."""

    times = 0

    def hour(self, ids: Sequence[UUID]) -> Hour:
        self.times += 1
        slots = {"used": [1, None, 3], "ms": [10, None, 30]}
        lines = {each: Lines(slots, {"ms": 40}, 7, {"used": 3}) for each in ids}
        return Hour(lines, used=[2, None, 6], rates=[0.5, None, None], hits=[1], misses=[None])

    def day(self, ids: Sequence[UUID]) -> dict[UUID, LongLine]:
        self.times += 1
        return {each: LongLine([1, None], 600) for each in ids}


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Reader:
    reader = Reader()
    monkeypatch.setattr(hour, "_read", reader.hour)
    monkeypatch.setattr(facts, "_read_day", reader.day)
    return reader


def test_the_hour_is_read_once_and_comes_back_whole(cast: Cast, reader: Reader) -> None:
    first = hour.of(cast.acme.pk, SEVERAL)
    assert hour.of(cast.acme.pk, SEVERAL) == first == Reader().hour(SEVERAL)
    assert reader.times == 1


def test_the_day_is_read_once_and_comes_back_whole(cast: Cast, reader: Reader) -> None:
    first = facts.long_lines(cast.acme, SEVERAL)
    assert facts.long_lines(cast.acme, SEVERAL) == first == Reader().day(SEVERAL)
    assert reader.times == 1


def test_other_servers_and_other_organizations_are_other_things(cast: Cast, reader: Reader) -> None:
    hour.of(cast.acme.pk, SEVERAL)
    assert set(hour.of(cast.acme.pk, SEVERAL[1:]).lines) == set(SEVERAL[1:])
    hour.of(cast.globex.pk, SEVERAL)
    assert reader.times == 3


def test_whoever_has_just_acted_sees_what_came_of_it(cast: Cast, reader: Reader) -> None:
    hour.of(cast.acme.pk, SEVERAL)
    version = versions.of(cast.acme.pk)
    orgs.update(actor(cast.owner), cast.acme, name="Acme Labs", description="")
    assert versions.of(cast.acme.pk) > version
    hour.of(cast.acme.pk, SEVERAL)
    assert reader.times == 2


def test_few_servers_are_read_anew_each_time(cast: Cast, reader: Reader) -> None:
    asked = cache.requests.total()
    for _ in range(2):
        hour.of(cast.acme.pk, SEVERAL[:3])
    assert reader.times == 2
    assert cache.requests.total() == asked
