"""A row is a job, from the transaction that enqueues it to its end."""

from collections import Counter
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django import DjangoAssertNumQueries

from jobs import claims, figures, outcomes, retries, running
from jobs.figures import ENQUEUED, FINISHED, RUN_SECONDS
from jobs.models import DeadLetter
from jobs.queue import Job, Status
from jobs.retries import Retries
from observability import population
from tests.jobs import chores
from tests.jobs.chores import be_wrong, note, note_first, note_last, stumble
from tests.jobs.conftest import work

pytestmark = pytest.mark.django_db(transaction=True)

STUMBLE = "tests.jobs.chores.stumble"


def let_time_pass() -> None:
    DBTaskResult.objects.filter(status=Status.READY).update(run_after=timezone.now())


def the_job() -> Job:
    return DBTaskResult.objects.get()


def test_whom_somebody_waits_for_goes_first_and_bookkeeping_last() -> None:
    note_last.enqueue("last")
    note.enqueue("notice")
    note_first.enqueue("first")
    work()
    assert chores.done == ["first", "notice", "last"]


def test_what_waits_longest_has_its_turn_however_much_comes_before_it() -> None:
    note_last.enqueue("old")
    for number in range(6):
        note_first.enqueue(str(number))
    work()
    assert chores.done.index("old") == claims.BY_AGE_EVERY - 1


def test_job_of_a_transaction_that_is_rolled_back_is_never_done() -> None:
    with transaction.atomic():
        note.enqueue("never")
        transaction.set_rollback(True)
    assert work() == []


def test_of_two_workers_exactly_one_runs_a_job() -> None:
    for number in range(20):
        note.enqueue(str(number))
    start = Barrier(2)

    def compete(name: str) -> None:
        start.wait()
        try:
            work(name=name)
        finally:
            connection.close()

    workers = [Thread(target=compete, args=(f"elsewhere:{n}:1",)) for n in (1, 2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    work()
    assert sorted(chores.done, key=int) == [str(number) for number in range(20)]


def test_passing_trouble_is_tried_again_later_and_then_kept_for_operators() -> None:
    stumble.enqueue("once")
    [first] = work()
    job = the_job()
    assert job.status == Status.READY
    pause = (job.run_after - timezone.now()).total_seconds()
    assert 7 * 60 < pause < 9 * 60
    for _ in range(2):
        assert work() == []
        let_time_pass()
        work()
    assert chores.done == ["once"] * 3
    dead = DeadLetter.objects.get()
    assert (dead.pk, dead.attempts) == (first.pk, 3)


def test_what_would_fail_again_is_not_tried_again() -> None:
    be_wrong.enqueue()
    work()
    assert DeadLetter.objects.get().exception_class_path == "builtins.KeyError"


def test_error_is_kept_without_what_it_would_give_away() -> None:
    stumble.enqueue("hunter2")
    be_wrong.enqueue()
    work()
    kept = "".join(DBTaskResult.objects.values_list("traceback", flat=True))
    assert "ConnectionResetError: [redacted]@example.com at redis://[redacted]@host/0" in kept
    assert "line " in kept
    assert "hunter2" not in kept
    assert "ada@" not in kept


def test_task_that_is_no_more_fails_for_good() -> None:
    note.enqueue("word")
    DBTaskResult.objects.update(task_path="tests.jobs.chores.gone")
    work()
    assert DeadLetter.objects.get().exception_class_path == "builtins.ImportError"
    assert ("unknown", "failed") in figures.figures()[FINISHED]


def test_worker_that_lost_its_job_changes_nothing_of_it() -> None:
    note.enqueue("word")
    slow = claims.take("elsewhere:1:1", 1)
    assert slow is not None
    DBTaskResult.objects.update(status=Status.READY, started_at=None)
    work()
    outcomes.failed(slow, ConnectionError(), 1.0)
    assert the_job().status == Status.SUCCESSFUL
    assert +Counter(figures.figures()[FINISHED]) == {("tests.jobs.chores.note", "succeeded"): 1}


def test_figures_add_up_over_attempts() -> None:
    stumble.enqueue("a")
    note.enqueue("b")
    work()
    before = figures.figures()
    assert before[ENQUEUED] == {(STUMBLE,): 1, ("tests.jobs.chores.note",): 1}
    assert before[FINISHED][STUMBLE, "retried"] == 1
    for _ in range(2):
        let_time_pass()
        work()
    after = figures.figures()
    assert after[ENQUEUED] == before[ENQUEUED]
    assert after[FINISHED][STUMBLE, "failed"] == 1
    assert after[RUN_SECONDS][STUMBLE, "retried"] >= before[RUN_SECONDS][STUMBLE, "retried"] > 0


def test_job_that_ends_meanwhile_is_counted_once(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    note.enqueue("word")
    with django_assert_num_queries(1):
        assert figures.figures()[ENQUEUED] == {("tests.jobs.chores.note",): 1}


def test_first_failure_is_seen_because_there_was_a_zero_before() -> None:
    assert figures.figures()[FINISHED][STUMBLE, "failed"] == 0


def test_metrics_tell_them(client: Client) -> None:
    population.forget()
    note.enqueue("word")
    work()
    lines = client.get("/metrics").content.decode().splitlines()
    assert "# TYPE jobs_finished_total counter" in lines
    assert 'jobs_enqueued_total{task="tests.jobs.chores.note"} 1.0' in lines
    labels = '{outcome="succeeded",task="tests.jobs.chores.note"}'
    assert f"jobs_finished_total{labels} 1.0" in lines


def test_pauses_double_up_to_the_longest_and_come_apart() -> None:
    policy = Retries(first_pause=timedelta(seconds=2), longest_pause=timedelta(minutes=1))
    middle = [policy.pause_after(n, lambda least, most: 0.0).total_seconds() for n in (1, 2, 5, 99)]
    assert middle == [2, 4, 32, 60]
    assert policy.pause_after(1, max).total_seconds() == pytest.approx(2.2)
    assert len({policy.pause_after(3) for _ in range(20)}) > 1


def test_by_default_only_passing_trouble_is_worth_another_attempt() -> None:
    policy = Retries()
    assert policy.may_follow(TimeoutError(), 1)
    assert not policy.may_follow(TimeoutError(), policy.attempts)
    assert not policy.may_follow(ValueError(), 1)
    assert OSError in retries.PASSING


def test_arguments_come_as_they_were_given() -> None:
    note.enqueue(word="named")
    job = claims.take("elsewhere:1:1", 1)
    assert job is not None
    running.run(job)
    assert chores.done == ["named"]
