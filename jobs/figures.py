"""Sums of jobs for metrics, by labels from the small fixed set of declared tasks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count
from django_tasks_db.models import DBTaskResult

from jobs import tasks
from jobs.models import Outcome, Tally
from jobs.queue import Status

Counts = Mapping[tuple[str, ...], float]
ENDS = {Outcome.SUCCEEDED, Outcome.FAILED}
"""Outcomes after which a job is no longer in the queue."""


@dataclass(frozen=True, slots=True)
class Figures:
    """``enqueued`` is by task, everything else by task and outcome; none of it ever falls."""

    enqueued: Counts
    finished: Counts
    run_seconds: Counts
    waited_seconds: Counts


def figures() -> Figures:
    """Read everything in two queries. A job that an operator runs again is enqueued again."""
    tallies = list(Tally.objects.all())
    enqueued = Counter(_unfinished())
    for tally in tallies:
        if tally.outcome in ENDS:
            enqueued[(tally.task,)] += tally.runs
    return Figures(
        enqueued=dict(enqueued),
        finished={(each.task, each.outcome): each.runs for each in tallies},
        run_seconds={(each.task, each.outcome): each.run_seconds for each in tallies},
        waited_seconds={(each.task, each.outcome): each.waited_seconds for each in tallies},
    )


def _unfinished() -> dict[tuple[str, ...], float]:
    waiting = DBTaskResult.objects.filter(status__in=(Status.READY, Status.RUNNING))
    found: Counter[tuple[str, ...]] = Counter()
    for path, number in waiting.order_by().values_list("task_path").annotate(Count("pk")):
        found[(tasks.label_of(path),)] += number
    return dict(found)
