"""A process that runs jobs, one at a time, until it is told to stop.

Several may run, on several machines. While the database is away a worker waits for it.
"""

import logging
import sys
import time

from django.conf import settings
from django.db import connections

from jobs import bell, claims, queue, running, stranded
from jobs.heartbeat import Heartbeat
from redisgate.lib import database_refusal
from redisgate.lib.platform_redis import Away

POLL_SECONDS = 1.0
"""How often it looks when nobody rings."""
LOOK_SECONDS = 5.0
"""How often it looks anyway, for jobs whose ring was lost."""

log = logging.getLogger("redisgate.jobs")


class Worker:
    def __init__(self, name: str) -> None:
        self.name = name
        self.is_stopping = False
        self._turn = 0
        self._is_database_away = False

    def stop(self, *_: object) -> None:
        """End after the job under way; asked again, at once. The job is run again then."""
        if self.is_stopping:
            sys.exit(1)
        self.is_stopping = True

    def run(self) -> None:
        with Heartbeat(self.name) as heartbeat:
            while not self.is_stopping:
                if not self.work_once(heartbeat):
                    self._wait(self._pause())

    def work_once(self, heartbeat: Heartbeat) -> bool:
        """Run one job where one is due, and say whether there was one."""
        heartbeat.turn_to_next()
        try:
            if self._is_database_away:
                stranded.revive_own(self.name)
            job = claims.take(self.name, self._turn + 1)
        except database_refusal.AWAY as error:
            self._database_is_away(error)
            return False
        self._database_answers()
        if job is None:
            return False
        self._turn += 1
        heartbeat.turn_to_next()
        running.run(job)
        return True

    def _pause(self) -> float:
        """Say how long to wait for a ring before the next look."""
        longest = LOOK_SECONDS if settings.JOB_QUEUE_REDIS else POLL_SECONDS
        if self._is_database_away:
            return POLL_SECONDS
        try:
            return min(longest, queue.seconds_to_next())
        except database_refusal.AWAY as error:
            self._database_is_away(error)
            return POLL_SECONDS

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not self.is_stopping and (left := end - time.monotonic()) > 0:
            try:
                if bell.listen(left):
                    return
            except Away:
                end = min(end, time.monotonic() + POLL_SECONDS - bell.LISTEN_SECONDS)

    def _database_is_away(self, error: Exception) -> None:
        if not self._is_database_away:
            log.warning("jobs wait, because the database doesn't answer: %s", error)
        self._is_database_away = True
        connections.close_all()

    def _database_answers(self) -> None:
        if self._is_database_away:
            log.warning("the database answers again, and jobs go on")
        self._is_database_away = False
