"""What the triggers write down of when instances run."""

from datetime import datetime

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from instances import moves
from instances.models import Instance
from instances.states import Status
from metering.models import Interval
from orgs.models import Organization
from tests.conftest import Cast
from tests.rows import add_instance


def rows(instance: Instance) -> list[tuple[int, datetime, datetime | None]]:
    found = Interval.objects.filter(instance_id=instance.pk).order_by("pk")
    return list(found.values_list("memory_mb", "started_at", "ended_at"))


def open_at(instance: Instance) -> list[tuple[int, bool]]:
    """Say of each interval its memory and whether it goes on."""
    return [(memory_mb, ended_at is None) for memory_mb, _, ended_at in rows(instance)]


def test_running_opens_an_interval_and_whatever_ends_it_closes_it(cast: Cast) -> None:
    instance = add_instance(cast.acme, "Cache", memory_mb=64)
    assert rows(instance) == []
    before = timezone.now()
    moves.move(instance, to=Status.CREATING)
    moves.move(instance, to=Status.RUNNING)
    [(memory_mb, started_at, ended_at)] = rows(instance)
    assert (memory_mb, ended_at) == (64, None)
    # The database says the time, on SQLite in milliseconds.
    assert abs((started_at - before).total_seconds()) < 5
    moves.move(instance, to=Status.STOPPING)
    moves.move(instance, to=Status.STOPPED)
    [(_, started_at, ended_at)] = rows(instance)
    assert ended_at is not None
    assert started_at <= ended_at


def test_what_does_not_change_it_leaves_it_alone(cast: Cast) -> None:
    instance = add_instance(cast.acme, status=Status.RUNNING)
    before = rows(instance)
    moves.note(instance, health="healthy")
    Instance.objects.filter(pk=instance.pk).update(status=Status.RUNNING, name="Other")
    assert rows(instance) == before
    assert len(before) == 1


def test_resize_of_a_running_one_begins_another_interval(cast: Cast) -> None:
    instance = add_instance(cast.acme, status=Status.RUNNING, memory_mb=64)
    Instance.objects.filter(pk=instance.pk).update(memory_mb=128)
    assert open_at(instance) == [(64, False), (128, True)]
    (_, _, ended_at), (_, started_at, _) = rows(instance)
    assert ended_at == started_at or connection.vendor == "postgresql"


def test_resize_of_a_stopped_one_counts_from_its_next_start(cast: Cast) -> None:
    instance = add_instance(cast.acme, status=Status.STOPPED, memory_mb=64)
    Instance.objects.filter(pk=instance.pk).update(memory_mb=128)
    assert rows(instance) == []
    Instance.objects.filter(pk=instance.pk).update(status=Status.RUNNING)
    assert open_at(instance) == [(128, True)]


def test_crash_and_restart_leave_a_gap(cast: Cast) -> None:
    instance = add_instance(cast.acme, status=Status.RUNNING, memory_mb=64)
    moves.move(instance, to=Status.CREATING)
    moves.move(instance, to=Status.RUNNING)
    assert open_at(instance) == [(64, False), (64, True)]


def test_deleted_instance_keeps_its_intervals(cast: Cast) -> None:
    instance = add_instance(cast.acme, "Gone", status=Status.RUNNING)
    key = instance.pk
    instance.delete()
    left = Interval.objects.get(instance_id=key)
    assert (left.instance_name, left.ended_at is None) == ("Gone", False)


def test_all_of_an_organization_goes_with_it(cast: Cast) -> None:
    add_instance(cast.acme, status=Status.RUNNING).delete()
    cast.acme.delete()
    assert not Interval.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_runs_when_metering_begins_is_counted_from_then() -> None:
    organization = Organization.objects.create(name="Early", slug="early")
    running = add_instance(organization, status=Status.RUNNING, memory_mb=9)
    resting = add_instance(organization, status=Status.STOPPED)
    executor = MigrationExecutor(connection)
    executor.migrate([("metering", None)])
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    assert open_at(running) == [(9, True)]
    assert open_at(resting) == []


def test_triggers_are_there_after_all_migrations(db: None) -> None:
    catalog = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalog[connection.vendor])
        names = {name for (name,) in cursor.fetchall()}
    assert "instances_instance_meter_update" in names
