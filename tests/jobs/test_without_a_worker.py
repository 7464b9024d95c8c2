"""Whether somebody does the jobs, and what happens where no worker is meant to."""

from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max
from pytest_django import Settings

from jobs import bell, claims, heartbeat, in_process, outcomes, probes, stranded
from jobs.models import Worker
from jobs.queue import Status
from observability.health import Unhealthy
from redisgate.lib.errors import Unavailable
from tests.jobs import chores
from tests.jobs.chores import note, stumble
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def immediate(settings: Settings) -> None:
    settings.JOB_QUEUE = in_process.IMMEDIATE


def test_job_is_done_after_the_commit_by_the_process_that_made_it(immediate: None) -> None:
    with transaction.atomic():
        note.enqueue("word")
        assert chores.done == []
    wait_until(lambda: chores.done == ["word"])
    wait_until(lambda: DBTaskResult.objects.get().status == Status.SUCCESSFUL)


def test_job_from_an_event_loop_is_done_as_well(immediate: None) -> None:
    async_to_sync(note.aenqueue)("word")
    wait_until(lambda: DBTaskResult.objects.get().status == Status.SUCCESSFUL)
    assert chores.done == ["word"]


def test_what_is_left_or_put_off_is_done_by_the_controller(immediate: None) -> None:
    stumble.enqueue("word")
    waiting = DBTaskResult.objects.filter(status=Status.READY, worker_ids__0__isnull=False)
    wait_until(lambda: chores.done == ["word"] and waiting.exists())
    assert in_process.run_due() == 0
    DBTaskResult.objects.update(run_after=timezone.now())
    assert in_process.run_due() == 1
    assert chores.done == ["word"] * 2


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OperationalError("the server is gone"), "is left to the controller: the server is gone"),
        (InterfaceError("connection closed"), "is left to the controller: connection closed"),
        (Unavailable("busy", log="locked"), "is left to the controller"),
        (KeyError("a mistake of ours"), "can't be done here\nTraceback"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_keeps_a_job_from_being_done_stands_in_the_log(
    error: Exception,
    said: str,
    immediate: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(claims, "claim", refuse)
    note.enqueue("word")
    wait_until(lambda: said in caplog.text, seconds=10)


def test_end_that_could_not_be_written_is_told_from_a_beginning(
    immediate: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("the server is gone")

    monkeypatch.setattr(outcomes, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(outcomes, "AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(outcomes, "_write", refuse)
    note.enqueue("word")
    wait_until(lambda: "can't be written down, and it is run again in an hour" in caplog.text)
    assert chores.done == ["word"]
    assert DBTaskResult.objects.get().status == Status.RUNNING


def test_the_controller_leaves_jobs_to_workers_where_those_are_meant() -> None:
    note.enqueue("word")
    assert in_process.run_due() == 0
    assert chores.done == []


def test_without_redis_nobody_rings() -> None:
    bell.ring()
    assert not bell.listen(0.01)


async def complaint() -> str:
    try:
        await probes.WORKER.check()
    except Unhealthy as reason:
        return str(reason)
    return ""


async def test_health_says_when_a_job_is_due_and_nobody_takes_it() -> None:
    assert not await complaint()
    await note.aenqueue("word")
    assert not await complaint()
    jobs, long_ago = DBTaskResult.objects, timezone.now() - 2 * probes.PATIENCE
    await jobs.aupdate(enqueued_at=long_ago)
    assert "No worker runs" in await complaint()
    await jobs.aupdate(run_after=timezone.now() + timedelta(hours=1))
    assert not await complaint()
    await jobs.aupdate(run_after=long_ago)
    assert "No worker runs" in await complaint()
    await Worker.objects.acreate(name="elsewhere:1:1", seen_at=timezone.now())
    await jobs.aupdate(run_after=get_date_max())
    assert not await complaint()
    await Worker.objects.aupdate(seen_at=timezone.now() - 2 * heartbeat.SILENT_AFTER)
    assert "No worker runs" in await complaint()


def test_workers_that_fell_silent_long_ago_are_forgotten() -> None:
    Worker.objects.create(name="a", seen_at=timezone.now() - 2 * stranded.KEEP_SILENT)
    Worker.objects.create(name="b", seen_at=timezone.now())
    stranded.clear_finished()
    assert [each.name for each in Worker.objects.all()] == ["b"]
