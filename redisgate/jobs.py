"""Background jobs whose worker was killed are run again.

The queue itself leaves such a job RUNNING for ever. A worker's id is the name of its process, so
that the next worker on the same machine can see that it is gone; a worker on another machine is
given up after a while.
"""

import logging
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from redisgate.lib.process_name import is_alive

Job = DBTaskResult[Any, Any]

log = logging.getLogger("redisgate.jobs")

MOST_ATTEMPTS = 3
GIVE_UP_AFTER = timedelta(hours=1)


def revive_stranded() -> int:
    """Queue the jobs of dead workers again, or fail them after too many attempts."""
    running = DBTaskResult.objects.running()
    return sum(_revive(job) for job in running if _is_stranded(job))


def _revive(job: Job) -> bool:
    is_hopeless = len(job.worker_ids) >= MOST_ATTEMPTS
    # The UPDATE is the lock: of two workers that start at once one sees a changed row.
    same = DBTaskResult.objects.running().filter(pk=job.pk, started_at=job.started_at)
    if is_hopeless:
        changed = same.update(
            status=TaskResultStatus.FAILED,
            finished_at=timezone.now(),
            traceback=f"Its worker was killed {MOST_ATTEMPTS} times.",
        )
    else:
        changed = same.update(status=TaskResultStatus.READY, started_at=None)
    if changed:
        log.warning("job %s lost its worker: %s", job.id, "failed" if is_hopeless else "queued")
    return bool(changed)


def _is_stranded(job: Job) -> bool:
    is_at_work = is_alive((job.worker_ids or [""])[-1])
    if is_at_work is not None:
        return not is_at_work
    return job.started_at is None or timezone.now() - job.started_at > GIVE_UP_AFTER
