"""Whether somebody does the jobs."""

from datetime import timedelta

from django.db import Error
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from jobs import queue
from jobs.heartbeat import SILENT_AFTER
from jobs.models import Worker
from observability import health
from observability.health import Component, Unhealthy

PATIENCE = timedelta(seconds=30)
"""A worker that is started again takes a few seconds."""


async def _worker() -> None:
    try:
        is_waiting = await health.query(_is_waiting_in_vain)
    except Error:
        raise Unhealthy("Nobody knows: the database doesn't answer.") from None
    if is_waiting:
        raise Unhealthy("No worker runs: mail and other work in the background waits.")


def _is_waiting_in_vain() -> bool:
    now = timezone.now()
    if Worker.objects.filter(seen_at__gt=now - SILENT_AFTER).exists():
        return False
    return DBTaskResult.objects.filter(queue.is_due_since(now - PATIENCE)).exists()


WORKER = Component("worker", _worker, asks="database")
