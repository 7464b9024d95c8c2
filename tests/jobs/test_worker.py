"""A worker hears the bell, does without it, waits for the database, and stops in order."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread

import pytest
from django.db import OperationalError, connections, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import Settings

from jobs import bell, claims, heartbeat, worker
from jobs.models import Worker as Seen
from jobs.queue import Status
from redisgate.lib import platform_redis, redis_watch
from redisgate.lib.process_name import own_name
from tests.gateway.parts import Server, platform_url
from tests.jobs import chores
from tests.jobs.chores import note, take_long
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def server(shared_redis: Server, settings: Settings) -> Iterator[Server]:
    """The platform's Redis, which the settings name."""
    shared_redis.admin().flushall()
    settings.JOB_QUEUE_REDIS, settings.REDIS_URL = True, platform_url(shared_redis)
    begin_anew()
    yield shared_redis
    begin_anew()


def begin_anew() -> None:
    """Have this process make its clients again."""
    for each in (platform_redis.blocking, bell.ear):
        each().close()
        each.cache_clear()


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody looks by himself within the time of a test."""
    monkeypatch.setattr(worker, "LOOK_SECONDS", 3600.0)
    monkeypatch.setattr(worker, "POLL_SECONDS", 3600.0)


@contextmanager
def at_work(monkeypatch: pytest.MonkeyPatch) -> Iterator[worker.Worker]:
    """A worker in a thread, which stops at the end."""
    monkeypatch.setattr(heartbeat, "PULSE_SECONDS", 0.02)
    monkeypatch.setattr(bell, "LISTEN_SECONDS", 0.1)
    one = worker.Worker(own_name())

    def run() -> None:
        try:
            one.run()
        finally:
            connections.close_all()

    thread = Thread(target=run)
    thread.start()
    try:
        yield one
    finally:
        one.is_stopping = True
        chores.go_on.set()
        thread.join()


def test_ring_is_heard_once_and_too_many_are_not_kept(server: Server) -> None:
    for _ in range(2 * bell.MOST_RINGS):
        bell.ring()
    assert server.admin().llen(bell.KEY) == bell.MOST_RINGS
    server.admin().flushall()
    bell.ring()
    assert bell.listen(1)
    assert not bell.listen(0.01)


def test_what_is_committed_rings_and_what_is_rolled_back_does_not(server: Server) -> None:
    with transaction.atomic():
        note.enqueue("word")
        assert server.admin().llen(bell.KEY) == 0, "nobody could see the job yet"
    assert server.admin().llen(bell.KEY) == 1
    with transaction.atomic():
        note.enqueue("never")
        transaction.set_rollback(True)
    assert server.admin().llen(bell.KEY) == 1


def test_what_is_put_off_rings_for_nobody(server: Server) -> None:
    note.using(run_after=timezone.now() + timedelta(hours=1)).enqueue("later")
    assert server.admin().llen(bell.KEY) == 0


def test_worker_that_sleeps_is_woken(
    server: Server, deaf: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_work(monkeypatch):
        note.enqueue("first")
        wait_until(lambda: chores.done == ["first"])
        note.enqueue("second")
        wait_until(lambda: chores.done == ["first", "second"])


def test_jobs_are_done_while_redis_is_away_and_the_bell_is_heard_once_it_is_back(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_work(monkeypatch):
        server.kill()
        fallbacks = redis_watch.calls[bell.USE, "fallback"]
        note.enqueue("without")
        wait_until(lambda: chores.done == ["without"])
        assert redis_watch.calls[bell.USE, "fallback"] > fallbacks
        server.start()
        answered = redis_watch.calls[bell.USE, "answered"]
        wait_until(lambda: redis_watch.calls[bell.USE, "answered"] > answered)
        monkeypatch.setattr(worker, "LOOK_SECONDS", 3600.0)
        note.enqueue("with")
        wait_until(lambda: chores.done == ["without", "with"], meanwhile=bell.ring)


def test_what_is_put_off_is_begun_at_its_time(deaf: None, monkeypatch: pytest.MonkeyPatch) -> None:
    soon = timezone.now() + timedelta(seconds=0.3)
    note.using(run_after=soon).enqueue("later")
    with at_work(monkeypatch):
        wait_until(lambda: chores.done == ["later"])
    started_at = DBTaskResult.objects.get().started_at
    assert started_at is not None
    assert started_at >= soon


def test_worker_that_is_asked_to_stop_ends_the_job_under_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chores.begun.clear()
    chores.go_on.clear()
    take_long.enqueue()
    with at_work(monkeypatch) as one:
        wait_until(chores.begun.is_set)
        wait_until(Seen.objects.filter(name=own_name()).exists, "it says that it is there")
        note.enqueue("never")
        one.stop()
    assert chores.done == ["took long"]
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {
        Status.SUCCESSFUL,
        Status.READY,
    }
    assert not Seen.objects.exists()


def test_worker_that_is_asked_twice_ends_at_once() -> None:
    one = worker.Worker("elsewhere:1:1")
    one.stop()
    with pytest.raises(SystemExit):
        one.stop()


def test_worker_waits_for_a_database_that_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    really, refusals = claims.take, [OperationalError("the server is gone")] * 3
    monkeypatch.setattr(worker, "POLL_SECONDS", 0.01)

    def take(name: str, turn: int) -> object:
        if refusals:
            raise refusals.pop()
        return really(name, turn)

    monkeypatch.setattr(claims, "take", take)
    note.enqueue("word")
    with at_work(monkeypatch):
        wait_until(lambda: chores.done == ["word"])
    assert caplog.text.count("the database doesn't answer") == 1
    assert caplog.text.count("the database answers again") == 1


def test_job_whose_end_a_killed_database_forgot_is_run_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    note.enqueue("word")
    assert claims.take(own_name(), 1) is not None  # it has ended, as far as this worker knows
    one = worker.Worker(own_name())
    one._database_is_away(OperationalError("the server is gone"))
    assert one.work_once(heartbeat.Heartbeat(one.name))
    assert chores.done == ["word"]
