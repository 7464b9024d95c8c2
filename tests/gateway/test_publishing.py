"""From counts to the database: nothing lost, nothing doubled, whatever the database does."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, OperationalError
from django.utils import timezone
from pytest_django import Settings

from apikeys import usage
from apikeys.models import KeyUsage
from apikeys.usage import Amounts, LastUse, Secret, Slot
from gateway import publishing
from gateway.counting import Taken
from gateway.publishing import Desk, Publisher
from gateway.upstream import Statistics
from observability import metrics
from redisgate.lib import redis_watch
from tests.apikeys.rows import make_key
from tests.conftest import Cast
from tests.gateway import counted
from tests.gateway.counted import call
from tests.gateway.parts import Key
from tests.waiting import until

Write = Callable[[Mapping[Slot, Amounts], Mapping[UUID, LastUse]], None]


class Database:
    """The writer of usage, and a database that can go away."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.requests = 0
        self.attempts = 0
        self.old: list[int] = []
        self.pruned: list[datetime] = []

    def write(
        self,
        amounts: Mapping[Slot, Amounts],
        last: Mapping[UUID, LastUse],
        _secrets: Mapping[Secret, datetime],
    ) -> None:
        self.attempts += 1
        if self.error is not None:
            raise self.error
        self.requests += sum(each.requests for each in amounts.values())

    def prune(self, before: datetime, *, most: int) -> int:
        self.pruned.append(before)
        return min(most, self.old.pop() if self.old else 0)


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Database:
    fake = Database()
    monkeypatch.setattr(usage, "write", fake.write)
    monkeypatch.setattr(usage, "prune", fake.prune)
    monkeypatch.setattr(publishing, "PUBLISH_SECONDS", 0.01)
    return fake


def taken(requests: int = 1, desk: counted.Desk | None = None) -> Taken:
    desk = desk or counted.Desk()
    for _ in range(requests):
        desk.note(call(b"GET"))
    return desk.counting.take()


def publish(desk: Desk, counts: Taken) -> bool:
    return desk.publish(counts, statistics(0), timezone.now())


def statistics(connections: int) -> Statistics:
    others = {each.name: 0 for each in fields(Statistics)}
    return Statistics(**{**others, "connections_active": connections})


def test_the_fullest_pool_is_told_as_a_share_of_what_may_be(settings: Settings) -> None:
    most = settings.GATEWAY_LIMITS.connections
    Desk().publish(
        Taken(), replace(statistics(0), connections_of_fullest=most // 2), timezone.now()
    )
    assert metrics.REGISTRY.get_sample_value("redis_connections_fullest_ratio") == 0.5


def none_open() -> Statistics:
    return statistics(0)


def lost() -> float:
    return metrics.REGISTRY.get_sample_value("api_key_usage_lost_total") or 0.0


def test_usage_waits_for_a_database_that_is_away_and_comes_once(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    desk, one = Desk(), counted.Desk()
    database.error = OperationalError("gone")
    assert publish(desk, taken(3, one))
    assert publish(desk, taken(2, one))
    assert len(caplog.records) == 1
    database.error = None
    assert not publish(desk, Taken())
    assert not publish(desk, Taken())
    assert (database.requests, database.attempts) == (5, 3)
    database.error = OperationalError("gone again")
    assert publish(desk, taken(2, one))
    assert len(caplog.records) == 2


def test_what_waits_is_bounded_and_its_loss_is_counted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "PENDING_MAX", 2)
    desk, before = Desk(), lost()
    database.error = OperationalError("gone")
    for _ in range(4):
        publish(desk, taken(10))
    assert lost() - before == 20
    database.error = None
    publish(desk, Taken())
    assert database.requests == 20


def test_what_the_database_refuses_blocks_nothing(database: Database) -> None:
    desk, before = Desk(), lost()
    database.error = DatabaseError("no such column")
    assert not publish(desk, taken(7))
    assert lost() - before == 7
    database.error = None
    publish(desk, taken())
    assert database.requests == 1


def test_old_usage_goes_in_batches_and_then_rests_for_an_hour(
    database: Database, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.KEY_USAGE_DAYS = 90
    database.old = [3, publishing.PRUNED_ROWS, publishing.PRUNED_ROWS]
    desk, began_at = Desk(), timezone.now()
    for _ in range(5):
        publish(desk, taken())
    assert len(database.pruned) == 3
    assert abs(began_at - timedelta(days=90) - database.pruned[0]) < timedelta(minutes=1)
    monkeypatch.setattr(publishing, "PRUNED_SECONDS", 0.0)
    publish(desk, taken())
    assert len(database.pruned) == 4


def test_the_platforms_redis_is_counted_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_watch, "calls", Counter({("once", "fallback"): 2}))
    monkeypatch.setattr(redis_watch, "events", Counter({"once": 1}))
    desk = Desk()
    for _ in range(3):
        publish(desk, Taken())
        redis_watch.calls["once", "fallback"] += 1
    value = metrics.REGISTRY.get_sample_value
    assert value("platform_redis_calls_total", {"use": "once", "outcome": "fallback"}) == 4
    assert value("platform_redis_breaker_total", {"state": "once"}) == 1


async def test_counts_are_published_by_themselves(database: Database) -> None:
    desk = counted.Desk()
    publisher = Publisher(desk.counting, none_open)
    desk.note(call(b"GET"))
    await until(lambda: database.requests == 1)
    desk.note(call(b"GET"))
    await until(lambda: database.requests == 2)
    await publisher.close()


async def test_it_is_tried_again_without_further_requests(database: Database) -> None:
    desk = counted.Desk()
    database.error = OperationalError("gone")
    publisher = Publisher(desk.counting, none_open)
    desk.note(call(b"GET"))
    await until(lambda: database.attempts > 1)
    database.error = None
    await until(lambda: database.requests == 1)
    await publisher.close()
    assert database.requests == 1


async def test_closing_publishes_the_rest(database: Database) -> None:
    desk = counted.Desk()
    publisher = Publisher(desk.counting, none_open)
    for _ in range(3):
        desk.note(call(b"GET"))
    await publisher.close()
    assert database.requests == 3


async def test_the_gauge_follows_connections_that_end_without_a_request(
    database: Database,
) -> None:
    desk, open_now = counted.Desk(), 4
    publisher = Publisher(desk.counting, lambda: statistics(open_now))
    desk.note(call(b"GET"))

    def shown() -> float | None:
        return metrics.REGISTRY.get_sample_value("redis_connections_active")

    await until(lambda: shown() == 4)
    open_now = 0
    await until(lambda: shown() == 0)
    await publisher.close()


@pytest.mark.django_db(transaction=True)
def test_rows_of_the_real_database_come_from_the_thread(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme)
    desk = counted.Desk(cast.acme.pk)
    desk.key = Key(cast.acme.pk, key_id=key.pk)

    async def publish_once() -> None:
        publisher = Publisher(desk.counting, none_open)
        desk.note(call(b"GET", headers={"user-agent": "curl/8"}))
        await publisher.close()

    asyncio.run(publish_once())
    row = KeyUsage.objects.get(key=key)
    key.refresh_from_db()
    assert (row.instance_id, row.requests) == (desk.place.instance_id, 1)
    assert (key.last_used_from, key.last_used_with) == ("192.0.2.1", "curl/8")
