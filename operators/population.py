"""What of the platform as a whole is counted for metrics."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum, Value
from django.utils import timezone

from apikeys.models import ApiKey
from instances.models import Instance
from observability.population import Counts, Several
from operators.jobs import Queue, jobs
from quotas.models import InstanceQuota
from quotas.usage import RESOURCES
from redisgate.lib.remembering import Remembered

JOBS = (
    "jobs_waiting",
    "jobs_put_off",
    "jobs_running",
    "jobs_failed",
    "jobs_oldest_due_seconds",
)
GOOD_SECONDS = 60.0
"""Every row is added up, and drift is a defect, which doesn't come and go."""


def queues() -> Several:
    """Count what waits for workers."""
    now = timezone.now()
    seen = jobs(now)
    found = {("mail",): seen.mail, ("other",): seen.other}
    return {
        "jobs_waiting": {name: queue.waiting for name, queue in found.items()},
        "jobs_put_off": {name: queue.put_off for name, queue in found.items()},
        "jobs_running": {name: queue.running for name, queue in found.items()},
        "jobs_failed": {name: queue.failed for name, queue in found.items()},
        "jobs_oldest_due_seconds": {name: _late(queue, now) for name, queue in found.items()},
    }


def _late(queue: Queue, now: datetime) -> float:
    since = queue.oldest_due_at
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())


_drift = Remembered[None, Counts](GOOD_SECONDS)
forget = _drift.forget


def drift() -> Counts:
    """Compare the counters of all quotas with the rows that they count."""
    return _drift.of(None, _look)


def _look() -> Counts:
    off = Counter[tuple[UUID, str]]()
    for organization, *numbers in _counters_less_rows():
        for resource, number in zip(RESOURCES, numbers, strict=True):
            off[organization, resource] += number
    sums = Counter[str]()
    for (_, name), number in off.items():
        sums[name] += abs(number)
    return {(resource,): float(sums[resource]) for resource in RESOURCES}


def _counters_less_rows() -> Iterable[tuple[Any, ...]]:
    """Give what organizations use by the counters, and, negative, what the triggers count.

    One statement sees one moment, so nothing that changes meanwhile looks like drift.
    """
    counters: QuerySet[Any, Any] = InstanceQuota.objects.order_by().values_list(
        "organization", *(f"{resource}_used" for resource in RESOURCES)
    )
    instances = Instance.objects.order_by().values_list("organization")
    alive = ApiKey.objects.order_by().filter(revoked_at=None).values_list("organization")
    return counters.union(
        instances.annotate(number=-Count("pk"), mb=-Sum("memory_mb"), keys=Value(0)),
        alive.annotate(number=Value(0), mb=Value(0), keys=-Count("pk")),
        all=True,
    )
