"""Running one job that was claimed."""

import time

from jobs import outcomes
from jobs.queue import Job
from redisgate.lib import log_context


def run(job: Job) -> None:
    """Run it and write down how it ended.

    Raises one of database_refusal.AWAY_OR_REFUSED where that can't be written for a minute. Then a
    worker ends, and others run the job again after a minute of its silence; in a process that does
    jobs beside its other work the job counts as under way for an hour.
    """
    began_at = time.monotonic()
    try:
        arguments = job.args_kwargs
        with log_context.scope(job=job.id):
            job.task.call(*arguments["args"], **arguments["kwargs"])
    except Exception as error:  # noqa: BLE001  whatever a job raises is how it ended
        outcomes.failed(job, error, time.monotonic() - began_at)
    else:
        outcomes.succeeded(job, time.monotonic() - began_at)
