"""How a job ends, and the only places where that is written down.

A worker that was silent for long may have lost its job to another: who has it no more changes
nothing, which the condition on the moment of its beginning says.
"""

import logging
import time
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from jobs import error_text, tallies, tasks
from jobs.models import Outcome
from jobs.queue import Job, Status
from redisgate.lib import database_refusal
from redisgate.lib.write_lock import retried_when_locked

PATIENCE_SECONDS = 60.0
AGAIN_SECONDS = 1.0
NO_ERROR = {"exception_class_path": "", "traceback": ""}

log = logging.getLogger("redisgate.jobs")


def succeeded(job: Job, seconds: float) -> None:
    done = {"status": Status.SUCCESSFUL, "finished_at": timezone.now(), **NO_ERROR}
    _end(job, Outcome.SUCCEEDED, seconds, done)


def failed(job: Job, error: Exception, seconds: float) -> None:
    """Put the job off, or keep it as a dead letter."""
    attempt, retries = len(job.worker_ids), tasks.retries_of(job.task_path)
    told = {
        "exception_class_path": error_text.path_of(error),
        "traceback": error_text.of(error),
    }
    reason = error_text.without_secrets(f"{type(error).__name__}: {error}")
    if retries.may_follow(error, attempt):
        pause = retries.pause_after(attempt)
        again = {**waiting(), "run_after": timezone.now() + pause, **told}
        if _end(job, Outcome.RETRIED, seconds, again):
            words = "%s waits %.0f s after attempt %d: %s"
            log.warning(words, name_of(job), pause.total_seconds(), attempt, reason)
        return
    dead = {"status": Status.FAILED, "finished_at": timezone.now(), **told}
    if _end(job, Outcome.FAILED, seconds, dead):
        log.error("%s failed for good in attempt %d: %s", name_of(job), attempt, reason)


def waiting() -> dict[str, Any]:
    """Give the columns of a job that no worker has."""
    return {"status": Status.READY, "started_at": None, "finished_at": None}


def name_of(job: Job) -> str:
    """Name a job in the log, as the admin's search finds it."""
    return f"job {job.task_path} {job.pk}"


def _end(job: Job, outcome: Outcome, seconds: float, columns: dict[str, Any]) -> bool:
    """Write it down, waiting for a database that is away: the work is done and can't be undone."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return _write(job, outcome, seconds, columns)
        except database_refusal.AWAY_OR_REFUSED as error:
            if time.monotonic() > end:
                raise
            log.warning("the end of %s can't be written down yet: %s", name_of(job), error)
            connection.close()
            time.sleep(AGAIN_SECONDS)


@retried_when_locked
def _write(job: Job, outcome: Outcome, seconds: float, columns: dict[str, Any]) -> bool:
    with transaction.atomic():
        still_ours = DBTaskResult.objects.filter(
            pk=job.pk, status=Status.RUNNING, started_at=job.started_at
        )
        if not still_ours.update(**columns):
            log.warning("%s was given to another worker meanwhile", name_of(job))
            return False
        tallies.add(job, outcome, seconds)
    return True
