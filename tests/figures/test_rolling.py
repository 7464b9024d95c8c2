"""Raw points become coarser ones, and go when their time is over."""

from uuid import uuid4

import pytest
from django.db import transaction

from figures import rolling, store
from figures.levels import DAY, HOUR, HOURS, LEVELS, MINUTES, RAW, TENS, Level
from figures.models import Chunk
from figures.points import Point
from figures.store import Stretch
from instances.models import Instance
from tests.conftest import Cast
from tests.figures.sampling import NOON
from tests.rows import add_instance

pytestmark = pytest.mark.django_db


@pytest.fixture
def instance(cast: Cast) -> Instance:
    return add_instance(cast.acme)


def sample(number: int) -> Point:
    return {"n": 1, "ms": 10_000, "commands": number, "used": 1000 + number, "limit": 5000}


def write(instance: Instance, *, since: int, seconds: int) -> None:
    """Write a sample every ten seconds, each counting one command more than the last."""
    chunks: dict[int, Stretch] = {}
    for number, at in enumerate(range(since, since + seconds, RAW.step)):
        start = RAW.start_of(at)
        chunk = chunks.setdefault(start, Stretch(instance.pk, RAW, start))
        chunk.points[RAW.place_of(at)] = sample(number)
    store.write(list(chunks.values()), fence=1)


def roll_up_all(now: int) -> None:
    while rolling.roll_up(now, fence=1):
        pass


def points_of(instance: Instance, level: Level) -> dict[int, Point]:
    chunks = store.read([instance.pk], level, since=0, until=NOON + 1000 * DAY)
    return {
        each.start + place * level.step: point
        for each in chunks.get(instance.pk, [])
        for place, point in each.points.items()
    }


def test_each_level_sums_counters_and_keeps_the_ends(instance: Instance) -> None:
    write(instance, since=NOON, seconds=HOUR)
    roll_up_all(NOON + 2 * HOUR)
    minutes = points_of(instance, MINUTES)
    assert len(minutes) == 60
    assert minutes[NOON + 60] == {
        "n": 6,
        "ms": 60_000,
        "commands": 6 + 7 + 8 + 9 + 10 + 11,
        "commands_ms.max": 1100,
        "limit": 5000,
        "used": 1008,
        "used.min": 1006,
        "used.max": 1011,
    }
    tens, hours = points_of(instance, TENS), points_of(instance, HOURS)
    assert list(tens) == [NOON + 600 * number for number in range(6)]
    assert [hours[NOON][name] for name in ("n", "commands", "used.min", "used.max")] == [
        360,
        sum(range(360)),
        1000,
        1359,
    ]


def test_rolling_up_again_changes_nothing(instance: Instance) -> None:
    write(instance, since=NOON, seconds=HOUR)
    roll_up_all(NOON + 2 * HOUR)
    before = [points_of(instance, level) for level in LEVELS]
    Chunk.objects.update(is_rolled_up=False)
    roll_up_all(NOON + 2 * HOUR)
    assert [points_of(instance, level) for level in LEVELS] == before


def test_what_breaks_off_leaves_all_to_be_done_again(instance: Instance) -> None:
    write(instance, since=NOON, seconds=600)
    with transaction.atomic():
        rolling.roll_up(NOON + HOUR, fence=1)
        transaction.set_rollback(True)
    assert points_of(instance, MINUTES) == {}
    roll_up_all(NOON + HOUR)
    assert len(points_of(instance, MINUTES)) == 10


def test_a_chunk_that_may_still_grow_waits(instance: Instance) -> None:
    write(instance, since=NOON, seconds=300)
    assert rolling.roll_up(NOON + 301, fence=1) == 0
    assert rolling.roll_up(NOON + 300 + rolling.LATE_SECONDS, fence=1) == 1


def test_gaps_stay_gaps(instance: Instance) -> None:
    write(instance, since=NOON, seconds=120)
    write(instance, since=NOON + 1200, seconds=60)
    roll_up_all(NOON + HOUR)
    assert list(points_of(instance, MINUTES)) == [NOON, NOON + 60, NOON + 1200]
    assert list(points_of(instance, TENS)) == [NOON, NOON + 1200]


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_goes_when_its_time_is_over(instance: Instance, level: Level) -> None:
    store.write([Stretch(instance.pk, level, 0, {0: sample(1)})], fence=1)
    assert rolling.prune(level.span + level.keep) == 0
    assert rolling.prune(level.span + level.keep + 1) == 1
    assert not Chunk.objects.exists()


def test_chunks_without_an_instance_go(instance: Instance) -> None:
    store.write([Stretch(uuid4(), RAW, NOON, {0: sample(1)})], fence=1)
    write(instance, since=NOON, seconds=60)
    assert rolling.prune(NOON) == 0
    assert rolling.prune(NOON + rolling.ORPHANED_SECONDS + 1) == 1
    assert Chunk.objects.get().instance_id == instance.pk


def test_an_older_lease_overwrites_nothing(instance: Instance) -> None:
    store.write([Stretch(instance.pk, RAW, NOON, {0: sample(1), 1: sample(2)})], fence=7)
    store.write([Stretch(instance.pk, RAW, NOON, {0: sample(1)})], fence=6)
    assert len(points_of(instance, RAW)) == 2
