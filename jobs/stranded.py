"""Jobs whose worker is gone are run again, and finished ones are cleared away.

A worker's name is that of its process, so that others on the same machine see at once that it is
gone. One of another machine, or one that hangs, is given up when it has been silent for a minute.
Of a process that never said a word (it does jobs beside other work) nobody knows whether it still
has a job, so that is given up after an hour. So every job may run twice, and must bear it.
"""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from jobs import outcomes, queue, tallies
from jobs.heartbeat import SILENT_AFTER
from jobs.models import Outcome, Worker
from jobs.queue import Job, Status
from redisgate.lib.process_name import is_alive

log = logging.getLogger("redisgate.jobs")

MOST_DEATHS = 3
GIVE_UP_AFTER = timedelta(hours=1)
KEEP_DONE = timedelta(days=1)
KEEP_FAILED = timedelta(days=14)
KEEP_SILENT = timedelta(days=1)


def revive() -> int:
    """Queue the jobs of dead workers again, or fail them when too many died over them."""
    running = list(DBTaskResult.objects.running())
    seen = dict(Worker.objects.values_list("name", "seen_at")) if running else {}
    now = timezone.now()

    def is_stranded(job: Job) -> bool:
        name = queue.holder(job)
        if is_alive(name) is False:
            return True
        if name in seen:
            return bool(now - seen[name] > SILENT_AFTER)
        return job.started_at is None or now - job.started_at > GIVE_UP_AFTER

    return sum(_revive(job) for job in running if is_stranded(job))


def revive_own(name: str) -> int:
    """Queue again what a worker seems to have under way, which has nothing under way.

    A database that was killed may have forgotten that a job ended.
    """
    return sum(_revive(job) for job in queue.under_way(name))


def clear_finished() -> int:
    """Delete jobs that ended a while ago; failed ones stay longer, to be looked at."""
    now = timezone.now()
    Worker.objects.filter(seen_at__lt=now - KEEP_SILENT).delete()
    done = DBTaskResult.objects.successful().filter(finished_at__lt=now - KEEP_DONE)
    failed = DBTaskResult.objects.failed().filter(finished_at__lt=now - KEEP_FAILED)
    return done.delete()[0] + failed.delete()[0]


def _revive(job: Job) -> bool:
    *others, last = job.worker_ids or [""]
    workers = [*others, f"{queue.KILLED}{last}"]
    is_hopeless = queue.deaths(workers) >= MOST_DEATHS
    columns = {**outcomes.waiting(), "worker_ids": workers}
    if is_hopeless:
        columns |= {
            "status": Status.FAILED,
            "finished_at": timezone.now(),
            "exception_class_path": "",
            "traceback": f"Its worker was killed {MOST_DEATHS} times.",
        }
    with transaction.atomic():
        # The UPDATE is the lock: of two that look at once one sees a changed row.
        same = DBTaskResult.objects.filter(
            pk=job.pk, status=Status.RUNNING, started_at=job.started_at
        )
        if not same.update(**columns):
            return False
        tallies.add(job, Outcome.FAILED if is_hopeless else Outcome.LOST, 0)
    words = "%s lost its worker: %s"
    log.warning(words, outcomes.name_of(job), "failed" if is_hopeless else "queued")
    return True
