"""A worker's signs of life, beside its work: a pulse for the supervisor of its machine, and a row.

Each has a thread of its own. A database that falls silent keeps whoever asks it, and a worker that
waits for it for some minutes doesn't hang: to kill that one in the middle of a job would do the job
twice.

A job or a look for one that takes too long is taken for one that hangs. Then both signs end, so
that the worker is killed and what it had under way goes to another. Where nobody kills it, it ends
itself a minute later, because most supervisors start again only what has ended.
"""

import logging
import os
import time
from datetime import timedelta
from threading import Event, Thread

from django.db import Error, connection
from django.utils import timezone

from jobs import queue
from jobs.models import Worker
from redisgate.lib import pulse
from redisgate.lib.errors import Unavailable

ROLE = "worker"
PULSE_SECONDS = 2.0
SIGN_SECONDS = 10.0
SILENT_AFTER = timedelta(seconds=60)
MOST_JOB_SECONDS = 600.0
GRACE_SECONDS = 60.0
"""How long whoever watches has to end a worker that hangs."""
FAREWELL_SECONDS = 5.0
"""How long a worker that ends waits for a database to take its name away."""
UNWRITTEN = (Error, Unavailable)
"""More than a database that is away: one that takes no writes for a while says so in other ways."""

log = logging.getLogger("redisgate.jobs")


class Heartbeat:
    """Gives both signs as long as it is entered."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._busy_since = self._signing_until = time.monotonic()
        self._end = Event()
        self._pulse = Thread(target=self._beat_on, name="pulse", daemon=True)
        self._row = Thread(target=self._sign_on, name="heartbeat", daemon=True)

    def __enter__(self) -> "Heartbeat":
        self._row.start()
        self._pulse.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._pulse.join()
        self._row.join(FAREWELL_SECONDS)

    def turn_to_next(self) -> None:
        """Say that the worker begins something: a look for a job, or a job."""
        self._busy_since = time.monotonic()

    @property
    def is_hung(self) -> bool:
        return self._busy_seconds() > MOST_JOB_SECONDS

    def _busy_seconds(self) -> float:
        return time.monotonic() - self._busy_since

    def _beat_on(self) -> None:
        while not self._end.is_set():
            # Without the other sign its jobs would soon be given to others.
            if self._row.is_alive():
                self._signing_until = time.monotonic()
            if not self.is_hung and self._row.is_alive():
                pulse.beat(pulse.of(ROLE))
            elif self._is_past_help():
                log.error("worker %s ends, because it hangs; what it does is done again", self.name)
                os._exit(1)  # nothing else ends a thread that hangs
            self._end.wait(PULSE_SECONDS)

    def _is_past_help(self) -> bool:
        """Tell whether it has hung, or lost its other sign, longer than anybody waits to end it."""
        silent_seconds = time.monotonic() - self._signing_until
        is_overdue = self._busy_seconds() > MOST_JOB_SECONDS + GRACE_SECONDS
        return is_overdue or silent_seconds > GRACE_SECONDS

    def _sign_on(self) -> None:
        next_at = 0.0
        while not self._end.is_set():
            # Soon again where it failed, or others would take us for gone after an outage.
            if not self.is_hung and time.monotonic() >= next_at and sign(self.name):
                next_at = time.monotonic() + SIGN_SECONDS
            self._end.wait(PULSE_SECONDS)
        _take_leave(self.name)
        connection.close()


def sign(name: str) -> bool:
    """Write down that a worker is there; False where that fails, for whatever reason."""
    try:
        Worker.objects.update_or_create(name=name, defaults={"seen_at": timezone.now()})
    except UNWRITTEN as error:
        connection.close()
        log.debug("worker %s can't say that it is there: %s", name, error)
        return False
    return True


def _take_leave(name: str) -> None:
    """Forget a worker, but not one that leaves a job: its silence is what gives that to others."""
    try:
        if queue.under_way(name):
            sign(name)
        else:
            Worker.objects.filter(name=name).delete()
    except UNWRITTEN as error:
        log.debug("worker %s can't say that it is gone: %s", name, error)
