"""Sums of jobs for metrics, by labels from the small fixed set of declared tasks."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db.models import Count, Value
from django_tasks_db.models import DBTaskResult

from jobs import tasks
from jobs.models import Outcome, Tally
from jobs.queue import Status

Counts = Mapping[tuple[str, ...], float]
ENQUEUED = "jobs_enqueued_total"
FINISHED = "jobs_finished_total"
RUN_SECONDS = "jobs_run_seconds_total"
WAITED_SECONDS = "jobs_waited_seconds_total"
NAMES = (ENQUEUED, FINISHED, RUN_SECONDS, WAITED_SECONDS)
"""The first is by task, the others by task and outcome; none of them ever falls."""
NO_END = ""
ENDS = {NO_END, Outcome.SUCCEEDED, Outcome.FAILED}
"""Each job that was ever enqueued has one of these, and is counted once."""


def figures() -> dict[str, Counts]:
    """Read all of NAMES in one query. A job that an operator runs again is enqueued again."""
    enqueued: Counter[tuple[str, ...]] = Counter()
    # Zeros, because nobody sees the first failure in a series that begins with it.
    finished: dict[tuple[str, ...], float] = dict.fromkeys(_failures(), 0)
    run_seconds: dict[tuple[str, ...], float] = {}
    waited_seconds: dict[tuple[str, ...], float] = {}
    for path, outcome, runs, run, waited in _rows():
        task = tasks.label_of(path) if outcome == NO_END else path
        if outcome in ENDS:
            enqueued[(task,)] += runs
        if outcome != NO_END:
            finished[task, outcome] = runs
            run_seconds[task, outcome] = run
            waited_seconds[task, outcome] = waited
    return {
        ENQUEUED: enqueued,
        FINISHED: finished,
        RUN_SECONDS: run_seconds,
        WAITED_SECONDS: waited_seconds,
    }


def _failures() -> list[tuple[str, ...]]:
    return [(task, Outcome.FAILED.value) for task in tasks.labels()]


def _rows() -> Iterable[tuple[str, str, int, float, float]]:
    """Read both in one statement, or a job that ends between two would be in neither."""
    ended = Tally.objects.values_list("task", "outcome", "runs", "run_seconds", "waited_seconds")
    waiting = DBTaskResult.objects.filter(status__in=(Status.READY, Status.RUNNING)).order_by()
    unfinished = waiting.values_list(
        "task_path", Value(NO_END), Count("pk"), Value(0.0), Value(0.0)
    )
    return ended.union(unfinished, all=True)
