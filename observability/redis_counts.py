"""Bring what a process asked of the platform's Redis, and of its cache, to the metrics.

It is counted where no room is seen, in plain integers, by pages and by the command API alike.
"""

from collections import Counter
from collections.abc import Mapping
from threading import Lock
from typing import Any

import prometheus_client

from observability import metrics
from redisgate.lib import cache, redis_watch

_told: Counter[tuple[object, ...]] = Counter()
"""What the metrics know already, by metric and labels."""
_lock = Lock()


def publish() -> None:
    """Add what came since the last time; cheap where nothing did, so that each page may ask."""
    if not _lock.acquire(blocking=False):
        return  # somebody is at it
    try:
        _add(metrics.PLATFORM_REDIS_CALLS, redis_watch.calls)
        _add(metrics.PLATFORM_REDIS_STATES, redis_watch.events)
        _add(metrics.CACHE_REQUESTS, cache.requests)
    finally:
        _lock.release()


def _add(metric: prometheus_client.Counter, counted: Mapping[Any, int]) -> None:
    for labels, number in list(counted.items()):
        values = labels if isinstance(labels, tuple) else (labels,)
        more = number - _told[metric, *values]
        if more:
            metric.labels(*values).inc(more)
            _told[metric, *values] = number
