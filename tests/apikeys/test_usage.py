from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apikeys import usage
from apikeys.models import ApiKey, KeyUsage
from apikeys.usage import NUMBERS, Amounts, LastUse, Slot
from tests.apikeys.rows import make_key
from tests.conftest import Cast

HOUR = datetime(2030, 1, 31, 12, tzinfo=UTC)
NOBODY: Mapping[UUID, LastUse] = {}


@pytest.fixture
def key(cast: Cast) -> ApiKey:
    return make_key(cast.owner, cast.acme)[0]


def rows(key: ApiKey) -> dict[tuple[UUID, datetime], tuple[int, ...]]:
    return {
        (row.instance_id, row.hour): tuple(getattr(row, name) for name in NUMBERS)
        for row in KeyUsage.objects.filter(key=key)
    }


def test_amounts_of_one_hour_add_up(key: ApiKey) -> None:
    place = uuid4()
    slot = Slot(key.pk, place, HOUR)
    usage.write({slot: Amounts(1, 2, 3, 4, 5)}, NOBODY)
    usage.write({slot: Amounts(10, 20, 30, 40, 5_000_000_000)}, NOBODY)
    assert rows(key) == {(place, HOUR): (11, 22, 33, 44, 5_000_000_005)}


def test_instances_and_hours_have_rows_of_their_own(key: ApiKey) -> None:
    here, there = uuid4(), uuid4()
    later = HOUR + timedelta(hours=1)
    slots = [Slot(key.pk, here, HOUR), Slot(key.pk, there, HOUR), Slot(key.pk, here, later)]
    usage.write({slot: Amounts(requests=1) for slot in slots}, NOBODY)
    assert set(rows(key)) == {(here, HOUR), (there, HOUR), (here, later)}


def test_a_key_that_is_gone_keeps_nobody_elses_usage_back(key: ApiKey) -> None:
    gone, place = uuid4(), uuid4()
    amounts = {Slot(each, place, HOUR): Amounts(requests=1) for each in (gone, key.pk)}
    usage.write(amounts, {gone: LastUse(HOUR, "", ""), key.pk: LastUse(HOUR, "192.0.2.1", "curl")})
    assert rows(key) == {(place, HOUR): (1, 0, 0, 0, 0)}
    assert KeyUsage.objects.count() == 1


def test_usage_goes_with_its_key(key: ApiKey) -> None:
    usage.write({Slot(key.pk, uuid4(), HOUR): Amounts(requests=1)}, NOBODY)
    key.delete()
    assert not KeyUsage.objects.exists()


def test_last_use_is_written_with_address_and_client(key: ApiKey) -> None:
    usage.write({}, {key.pk: LastUse(HOUR, "192.0.2.1", "@upstash/redis@1.39")})
    key.refresh_from_db()
    found = (key.last_used_at, key.last_used_from, key.last_used_with)
    assert found == (HOUR, "192.0.2.1", "@upstash/redis@1.39")


def test_an_earlier_use_that_comes_late_changes_nothing(key: ApiKey) -> None:
    usage.write({}, {key.pk: LastUse(HOUR, "192.0.2.1", "new")})
    usage.write({}, {key.pk: LastUse(HOUR - timedelta(seconds=1), "192.0.2.2", "late")})
    key.refresh_from_db()
    assert (key.last_used_at, key.last_used_with) == (HOUR, "new")


def test_the_oldest_hours_go_first_and_not_all_at_once(key: ApiKey) -> None:
    place = uuid4()
    hours = [HOUR + timedelta(hours=n) for n in range(5)]
    usage.write({Slot(key.pk, place, hour): Amounts(requests=1) for hour in hours}, NOBODY)
    assert usage.prune(hours[3], most=2) == 2
    assert {hour for _, hour in rows(key)} == set(hours[2:])
    assert usage.prune(hours[3], most=2) == 1
    assert usage.prune(hours[3], most=2) == 0
    assert {hour for _, hour in rows(key)} == set(hours[3:])


def test_many_keys_take_few_queries(cast: Cast) -> None:
    keys = [make_key(cast.owner, cast.acme, name=f"key {n}")[0] for n in range(5)]
    amounts = {Slot(keys[n % 5].pk, uuid4(), HOUR): Amounts(requests=1) for n in range(250)}
    last = {key.pk: LastUse(HOUR, "192.0.2.1", "curl") for key in keys}
    with CaptureQueriesContext(connection) as queries:
        usage.write(amounts, last)
    assert KeyUsage.objects.count() == 250
    frame = ("BEGIN", "SAVEPOINT", "RELEASE")
    assert len([query for query in queries if not query["sql"].startswith(frame)]) == 1 + 1 + 3
