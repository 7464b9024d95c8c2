"""The newest figures of each instance, for metrics."""

import time
from collections.abc import Callable, Mapping
from functools import partial
from uuid import UUID

from django.db.models import Min

from figures import recent
from figures.levels import RAW
from figures.models import Chunk
from figures.points import Point
from figures.series import BY_NAME, Series
from figures.store import stretch_of
from instances.models import Instance
from instances.population import SHOWN_MAX
from instances.states import Status
from observability.population import Counts

_SHARED_SECONDS = 1.0
"""All gauges are asked one after another; one reading serves them."""

_SERIES = {
    "redis_instance_used_memory_bytes": "memory_used",
    "redis_instance_rss_memory_bytes": "memory_rss",
    "redis_instance_connected_clients": "clients",
    "redis_instance_commands_per_second": "operations",
    "redis_instance_hit_ratio": "hit_ratio",
    "redis_instance_keys": "keys",
    "redis_instance_evictions_per_second": "evictions",
    "redis_instance_network_in_bytes_per_second": "network_in",
    "redis_instance_network_out_bytes_per_second": "network_out",
    "redis_instance_cpu_user_ratio": "cpu_user",
    "redis_instance_cpu_system_ratio": "cpu_system",
    "redis_instance_ping_seconds": "latency",
}

_ENOUGH = 50
"""One of so many servers was sampled last, or near enough."""

_read_at = 0.0
_newest: Mapping[UUID, Point] = {}


def _gauge(series: Series) -> Counts:
    found = {(str(key),): series.value(point) for key, point in _points().items()}
    return {labels: float(value) for labels, value in found.items() if value is not None}


def _points() -> Mapping[UUID, Point]:
    global _read_at, _newest
    if time.monotonic() - _read_at > _SHARED_SECONDS:
        running = Instance.objects.filter(status=Status.RUNNING).order_by("created_at")
        _newest = recent.newest(running.values_list("pk", flat=True)[:SHOWN_MAX])
        _read_at = time.monotonic()
    return _newest


def newest_sample() -> Counts:
    """Give the moment of the newest sample; nothing where no server runs, so none is missed.

    Where there was none ever the first server that came to run has been missed since.
    """
    since = Instance.objects.filter(status=Status.RUNNING).aggregate(at=Min("status_at"))["at"]
    if since is None:
        return {}
    raw = Chunk.objects.filter(step=RAW.step, instance__status=Status.RUNNING)
    stretches = [stretch_of(chunk, RAW) for chunk in raw.order_by("-start")[:_ENOUGH]]
    found = [each.start + max(each.points) * RAW.step for each in stretches if each.points]
    return {(): float(max(found, default=since.timestamp()))}


GAUGES: Mapping[str, Callable[[], Counts]] = {
    name: partial(_gauge, BY_NAME[series]) for name, series in _SERIES.items()
}
