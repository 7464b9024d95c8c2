"""Whether somebody does the jobs."""

from datetime import timedelta

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from jobs import queue
from jobs.heartbeat import SILENT_AFTER
from jobs.models import Worker
from observability.health import Component, Unhealthy

PATIENCE = timedelta(seconds=30)
"""A worker that is started again takes a few seconds."""


async def _worker() -> None:
    now = timezone.now()
    if await Worker.objects.filter(seen_at__gt=now - SILENT_AFTER).aexists():
        return
    overdue = DBTaskResult.objects.filter(queue.is_due_since(now - PATIENCE))
    if await overdue.aexists():
        raise Unhealthy("No worker runs: mail and other work in the background waits.")


WORKER = Component("worker", _worker)
