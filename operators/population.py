"""What of the platform as a whole is counted for metrics."""

from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Sum
from django.utils import timezone

from apikeys.models import ApiKey
from instances.models import Instance
from observability.population import Counts, Several
from operators.jobs import Queue, jobs
from operators.remembering import Remembered
from quotas.models import InstanceQuota
from quotas.usage import RESOURCES

JOBS = (
    "jobs_waiting",
    "jobs_put_off",
    "jobs_running",
    "jobs_failed",
    "jobs_oldest_due_seconds",
)
GOOD_FOR = timedelta(minutes=1)
"""Every row is added up, and drift is a defect, which doesn't come and go."""

Used = dict[UUID, tuple[int, ...]]
"""What organizations use, in the order of `RESOURCES`."""


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


_drift = Remembered[Counts](GOOD_FOR)
forget = _drift.forget


def drift() -> Counts:
    """Compare the counters of all quotas with the rows that they count."""
    return _drift.of(timezone.now(), _look)


def _look(_now: datetime) -> Counts:
    counters, there = _counters(), _there()
    sums = Counter[str]()
    for organization in counters.keys() | there.keys():
        counted = counters.get(organization, (0,) * len(RESOURCES))
        used = there.get(organization, (0,) * len(RESOURCES))
        for resource, one, other in zip(RESOURCES, counted, used, strict=True):
            sums[resource] += abs(one - other)
    return {(resource,): float(sums[resource]) for resource in RESOURCES}


def _counters() -> Used:
    names = [f"{resource}_used" for resource in RESOURCES]
    rows = InstanceQuota.objects.order_by().values_list("organization", *names)
    return {organization: tuple(numbers) for organization, *numbers in rows}


def _there() -> Used:
    """Count what the triggers count."""
    instances = Instance.objects.order_by().values_list("organization")
    memory = {
        each: (number, mb) for each, number, mb in instances.annotate(Count("pk"), Sum("memory_mb"))
    }
    alive = ApiKey.objects.order_by().filter(revoked_at=None).values_list("organization")
    keys = dict(alive.annotate(Count("pk")))
    return {
        each: (*memory.get(each, (0, 0)), keys.get(each, 0)) for each in memory.keys() | keys.keys()
    }
