"""A worker's sign of life, beside its work: for the supervisor of its machine, and in the database.

A job that takes too long is taken for one that hangs. Then the signs end, so that the worker is
killed and its job goes to another. Where nobody kills it, it ends itself a minute later, because
most supervisors start again only what has ended.
"""

import logging
import os
import time
from datetime import timedelta
from threading import Event, Thread

from django.db import DatabaseError, connection
from django.utils import timezone

from jobs.models import Worker
from redisgate.lib import pulse

ROLE = "worker"
PULSE_SECONDS = 2.0
BEAT_SECONDS = 10.0
SILENT_AFTER = timedelta(seconds=60)
MOST_JOB_SECONDS = 600.0
GRACE_SECONDS = 60.0
"""How long whoever watches has to end a worker that hangs."""

log = logging.getLogger("redisgate.jobs")


class Heartbeat:
    """Beats from a thread of its own as long as it is entered."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.job_began_at: float | None = None
        """Set by the worker, on the monotonic clock, while a job is under way."""
        self._end = Event()
        self._thread = Thread(target=self._go_on, name="heartbeat", daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()
        _forget(self.name)

    @property
    def is_hung(self) -> bool:
        return self._job_seconds() > MOST_JOB_SECONDS

    def _job_seconds(self) -> float:
        began_at = self.job_began_at
        return 0.0 if began_at is None else time.monotonic() - began_at

    def _go_on(self) -> None:
        next_at = 0.0
        while not self._end.is_set():
            if not self.is_hung:
                pulse.beat(pulse.of(ROLE))
                # Soon again where it failed, or others would take us for gone after an outage.
                if time.monotonic() >= next_at and beat(self.name):
                    next_at = time.monotonic() + BEAT_SECONDS
            elif self._job_seconds() > MOST_JOB_SECONDS + GRACE_SECONDS:
                log.error("worker %s ends, because its job hangs; the job is run again", self.name)
                os._exit(1)  # nothing else ends a thread that hangs
            self._end.wait(PULSE_SECONDS)
        connection.close()


def beat(name: str) -> bool:
    """Write down that a worker is there; False while the database is away."""
    try:
        Worker.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})
    except DatabaseError as error:
        connection.close()
        log.debug("worker %s can't say that it is there: %s", name, error)
        return False
    return True


def _forget(name: str) -> None:
    try:
        Worker.objects.filter(name=name).delete()
    except DatabaseError as error:
        log.debug("worker %s can't say that it is gone: %s", name, error)
