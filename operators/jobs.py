"""Work that waits for a worker: mails, and everything else."""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from jobs import queue
from mail.delivery import deliver

STUCK_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Queue:
    """``oldest_due_at`` is when the first of those that are due should have begun."""

    waiting: int
    running: int
    failed: int
    put_off: int
    """Of those, waiting for a later moment, as a mail is that its server didn't take."""
    oldest_due_at: datetime | None

    def is_stuck(self, now: datetime) -> bool:
        return self.oldest_due_at is not None and now - self.oldest_due_at > STUCK_AFTER


@dataclass(frozen=True, slots=True)
class Jobs:
    mail: Queue
    other: Queue


def jobs(now: datetime) -> Jobs:
    """Count in one query; finished jobs are kept for a day, failed ones for two weeks."""
    is_mail = Q(task_path=deliver.module_path)
    counts = DBTaskResult.objects.order_by().aggregate(
        **_counts("mail", is_mail, now), **_counts("other", ~is_mail, now)
    )
    return Jobs(_queue_of("mail", counts), _queue_of("other", counts))


def _counts(name: str, which: Q, now: datetime) -> dict[str, Any]:
    ready = which & Q(status=TaskResultStatus.READY)
    at_once, later = Q(run_after=get_date_max()), Q(run_after__gt=now)
    return {
        f"{name}_waiting": Count("pk", filter=ready),
        f"{name}_running": Count("pk", filter=which & Q(status=TaskResultStatus.RUNNING)),
        f"{name}_failed": Count("pk", filter=which & Q(status=TaskResultStatus.FAILED)),
        f"{name}_put_off": Count("pk", filter=ready & later & ~at_once),
        f"{name}_oldest_due_at": Min(queue.due_at(), filter=ready & (at_once | ~later)),
    }


def _queue_of(name: str, counts: dict[str, Any]) -> Queue:
    return Queue(**{field.name: counts[f"{name}_{field.name}"] for field in fields(Queue)})
