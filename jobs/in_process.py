"""Jobs without a worker: done by the process that enqueued them, beside its other work.

One thread does them in turn, so that no page waits for a mail server. What a process leaves
behind when it is killed, and what waits for another attempt, the controller does.
"""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from uuid import UUID

from django.conf import settings
from django.db import connection

from jobs import claims, running
from redisgate.lib import database_refusal
from redisgate.lib.process_name import own_name

MOST_SECONDS = 10.0
"""How long the controller does jobs at a stretch: it has other duties."""
IMMEDIATE = "immediate"

log = logging.getLogger("redisgate.jobs")


def run_soon(pk: UUID) -> None:
    """Have this process's own thread do the job."""
    _hand().submit(_run, pk)


def run_due() -> int:
    """Do what is left and due, where no worker does it; return how many jobs that were."""
    if settings.JOB_QUEUE != IMMEDIATE:
        return 0
    end, done = time.monotonic() + MOST_SECONDS, 0
    while time.monotonic() < end:
        job = claims.take(own_name(), turn=done + 1)
        if job is None:
            break
        running.run(job)
        done += 1
    return done


def _run(pk: UUID) -> None:
    job = None
    try:
        job = claims.claim(pk, own_name())
        if job is not None:
            running.run(job)
    except database_refusal.AWAY_OR_REFUSED as error:
        if job is None:
            log.warning("job %s is left to the controller: %s", pk, error)
        else:
            words = "the end of job %s can't be written down, and it is run again in an hour: %s"
            log.error(words, pk, error)
    except Exception:  # nobody looks at what a thread of a pool raises
        log.exception("job %s can't be done here", pk)
    finally:
        connection.close()


@cache
def _hand() -> ThreadPoolExecutor:
    """Make the thread on first use, because processes fork before."""
    return ThreadPoolExecutor(1, thread_name_prefix="jobs")
