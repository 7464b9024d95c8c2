"""The bell: through the platform's Redis a worker learns at once that a job waits.

It says nothing else. Which job, and whether there is one, stands in the database, so a ring that
is lost, evicted or heard twice costs a look at most. Without Redis workers look each second.
"""

import time
from contextlib import suppress
from functools import cache
from typing import Any, Final

from django.conf import settings

from redisgate.lib.platform_redis import Away, BlockingPlatformRedis, blocking

USE: Final = "job"
KEY = "redisgate:jobs:bell"
MOST_RINGS = 64
"""More wake nobody: a worker that is awake goes on until nothing is due."""
LISTEN_SECONDS = 0.5
"""Shorter than anybody waits for a worker to stop."""
SILENT_SECONDS = 2.0
"""BLPOP answers within LISTEN_SECONDS, so a server that is silent for longer is away."""


def ring() -> None:
    """Wake one worker."""
    if settings.JOB_QUEUE_REDIS:
        with suppress(Away):
            blocking().run(USE, _push)


def listen(seconds: float) -> bool:
    """Wait for a ring, no longer than LISTEN_SECONDS; say whether a look is due at once.

    Raises Away after having waited in another way.
    """
    pause = max(0.01, min(seconds, LISTEN_SECONDS))
    if not settings.JOB_QUEUE_REDIS:
        time.sleep(pause)
        return False
    try:
        return bool(ear().run(USE, lambda client: client.blpop([KEY], timeout=pause)))
    except Away:
        time.sleep(pause)
        raise


@cache
def ear() -> BlockingPlatformRedis:
    """Give the client of a process that listens: it waits for answers longer than pages do."""
    return BlockingPlatformRedis(settings.REDIS_URL, call_seconds=SILENT_SECONDS)


def _push(client: Any) -> None:
    both = client.pipeline(transaction=False)
    both.lpush(KEY, "1")
    both.ltrim(KEY, 0, MOST_RINGS - 1)
    both.execute()
