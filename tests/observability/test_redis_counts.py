"""What a process asks of the platform's Redis and of its cache stands in the metrics, once."""

from collections import Counter

import pytest

from observability import metrics, redis_counts
from redisgate.lib import cache, redis_watch

VALUE = metrics.REGISTRY.get_sample_value


def test_calls_and_cache_requests_are_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_watch, "calls", Counter({("told", "fallback"): 2}))
    monkeypatch.setattr(redis_watch, "events", Counter({"told": 1}))
    monkeypatch.setattr(cache, "requests", Counter({("told", "hit"): 3}))
    for _ in range(3):
        redis_counts.publish()
    cache.requests["told", "hit"] += 1
    redis_counts.publish()
    assert VALUE("platform_redis_calls_total", {"use": "told", "outcome": "fallback"}) == 2
    assert VALUE("platform_redis_breaker_total", {"state": "told"}) == 1
    assert VALUE("cache_requests_total", {"name": "told", "outcome": "hit"}) == 4
