"""Sums of jobs for metrics, by labels from the small fixed set of declared tasks."""

from collections import Counter
from collections.abc import Mapping

from django.db.models import Count
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
ENDS = {Outcome.SUCCEEDED, Outcome.FAILED}
"""Outcomes after which a job is no longer in the queue."""


def figures() -> dict[str, Counts]:
    """Read all of NAMES in two queries. A job that an operator runs again is enqueued again."""
    tallies = {(each.task, each.outcome): each for each in Tally.objects.all()}
    enqueued = _unfinished()
    for (task, outcome), tally in tallies.items():
        if outcome in ENDS:
            enqueued[(task,)] += tally.runs
    return {
        ENQUEUED: enqueued,
        FINISHED: {labels: each.runs for labels, each in tallies.items()},
        RUN_SECONDS: {labels: each.run_seconds for labels, each in tallies.items()},
        WAITED_SECONDS: {labels: each.waited_seconds for labels, each in tallies.items()},
    }


def _unfinished() -> Counter[tuple[str, ...]]:
    waiting = DBTaskResult.objects.filter(status__in=(Status.READY, Status.RUNNING))
    found: Counter[tuple[str, ...]] = Counter()
    for path, number in waiting.order_by().values_list("task_path").annotate(Count("pk")):
        found[(tasks.label_of(path),)] += number
    return found
