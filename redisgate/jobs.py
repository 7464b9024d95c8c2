"""Background jobs whose worker was killed are run again, and finished ones are cleared away.

The queue itself leaves a killed worker's job RUNNING for ever. A worker's id is the name of its
process, so that others on the same machine can see that it is gone; a worker on another machine
is given up after a while. So every job may run twice, and must bear it.
"""

import logging
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from redisgate.lib.process_name import is_alive

Job = DBTaskResult[Any, Any]

log = logging.getLogger("redisgate.jobs")

MOST_ATTEMPTS = 3
GIVE_UP_AFTER = timedelta(hours=1)
KEEP_DONE = timedelta(days=1)
KEEP_FAILED = timedelta(days=14)
INTERRUPTED = "builtins.SystemExit"
"""How the queue calls the end of a job whose worker was asked to stop a second time."""


def revive_stranded() -> int:
    """Queue the jobs of dead workers again, or fail them after too many attempts."""
    jobs = DBTaskResult.objects.filter(
        Q(status=TaskResultStatus.RUNNING)
        | Q(status=TaskResultStatus.FAILED, exception_class_path=INTERRUPTED)
    )
    return sum(_revive(job) for job in jobs if _is_stranded(job))


def clear_finished() -> int:
    """Delete jobs that ended a while ago; failed ones stay longer, to be looked at."""
    now = timezone.now()
    is_old = Q(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=now - KEEP_DONE) | Q(
        status=TaskResultStatus.FAILED, finished_at__lt=now - KEEP_FAILED
    )
    return DBTaskResult.objects.filter(is_old).delete()[0]


def _revive(job: Job) -> bool:
    is_hopeless = len(job.worker_ids) >= MOST_ATTEMPTS
    # The UPDATE is the lock: of two that look at once one sees a changed row.
    same = DBTaskResult.objects.filter(pk=job.pk, status=job.status, started_at=job.started_at)
    if is_hopeless:
        changed = same.update(
            status=TaskResultStatus.FAILED,
            finished_at=timezone.now(),
            exception_class_path="",
            traceback=f"Its worker was killed {MOST_ATTEMPTS} times.",
        )
    else:
        changed = same.update(
            status=TaskResultStatus.READY,
            started_at=None,
            finished_at=None,
            exception_class_path="",
            traceback="",
        )
    if changed:
        log.warning("job %s lost its worker: %s", job.id, "failed" if is_hopeless else "queued")
    return bool(changed)


def _is_stranded(job: Job) -> bool:
    if job.status == TaskResultStatus.FAILED:
        return True
    is_at_work = is_alive((job.worker_ids or [""])[-1])
    if is_at_work is not None:
        return not is_at_work
    return job.started_at is None or timezone.now() - job.started_at > GIVE_UP_AFTER
