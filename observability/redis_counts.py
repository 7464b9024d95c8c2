"""Bring to metrics what this process has asked of the platform's own Redis."""

from collections import Counter
from threading import Lock

from observability import metrics
from redisgate.lib import platform_redis

_told: Counter[tuple[str, ...]] = Counter()
_lock = Lock()


def publish() -> None:
    """Add what came since the last time. Any thread may call."""
    with _lock:
        for call, number in list(platform_redis.calls.items()):
            metrics.PLATFORM_REDIS_CALLS.labels(*call).inc(number - _told[call])
            _told[call] = number
        for state, number in list(platform_redis.events.items()):
            metrics.PLATFORM_REDIS_STATES.labels(state).inc(number - _told[state,])
            _told[state,] = number
