"""The rows of the queue, which are the only truth about what is to be done."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Case, Min, Q, QuerySet, When
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

Job = DBTaskResult[Any, Any]
Jobs = QuerySet[Job]
Status = TaskResultStatus

SOON_SECONDS = 0.05
"""A job that somebody else is just taking looks due; nobody spins for that."""
KILLED = "killed: "
"""Stands before a worker's name in a job's list of workers when it died over that job."""


def due() -> Jobs:
    return DBTaskResult.objects.ready()


def due_at() -> Case:
    """Say when a waiting job should have begun."""
    return Case(When(run_after=get_date_max(), then="enqueued_at"), default="run_after")


def seconds_to_next() -> float:
    """Say in how many seconds the first job that is put off becomes due; infinity without one."""
    later = DBTaskResult.objects.filter(status=Status.READY, run_after__lt=get_date_max())
    first: datetime | None = later.order_by().aggregate(first=Min("run_after"))["first"]
    if first is None:
        return float("inf")
    return max(SOON_SECONDS, (first - timezone.now()).total_seconds())


def is_due_since(moment: datetime) -> Q:
    """Choose waiting jobs that should have begun before a moment."""
    at_once = Q(run_after=get_date_max(), enqueued_at__lt=moment)
    return Q(status=Status.READY) & (at_once | Q(run_after__lt=moment))


def under_way(worker: str) -> list[Job]:
    """Give the jobs that a worker has claimed and whose end isn't written down."""
    return [job for job in DBTaskResult.objects.running() if holder(job) == worker]


def holder(job: Job) -> str:
    """Name the worker that claimed a job last; empty where none did."""
    return str(job.worker_ids[-1]) if job.worker_ids else ""


def deaths(workers: Sequence[str]) -> int:
    """Count the workers that died over a job."""
    return sum(each.startswith(KILLED) for each in workers)


def waited_seconds(job: Job) -> float:
    """Say how long a job that has begun was due before."""
    is_put_off = job.run_after != get_date_max()
    was_due_at = job.run_after if is_put_off else job.enqueued_at
    return max(0.0, ((job.started_at or timezone.now()) - was_due_at).total_seconds())
