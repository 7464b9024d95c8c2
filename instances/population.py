"""How many instances there are, and how each of them is, for metrics."""

from django.db.models import Count

from instances.models import Instance
from instances.states import Health, Status, Wish
from redisgate.lib.units import MEGABYTE

SHOWN_MAX = 1000
"""Each instance is a series of its own, and Prometheus shall not drown in them."""


def by_status() -> dict[tuple[str, ...], float]:
    """Count by status; a status that no instance has is 0."""
    found = Instance.objects.order_by().values_list("status").annotate(Count("pk"))
    return {(status.value,): 0.0 for status in Status} | {(each,): n for each, n in found}


def up() -> dict[tuple[str, ...], float]:
    """Give 1 for each instance that runs and isn't known to be ill, else 0.

    Those that people have stopped are left out: nobody is to be woken for them.
    """
    wanted = Instance.objects.filter(wish=Wish.RUNNING).order_by("created_at")
    rows = wanted.values_list("pk", "status", "health")
    return {
        (str(pk),): float(status == Status.RUNNING and health != Health.UNHEALTHY)
        for pk, status, health in rows[:SHOWN_MAX]
    }


def memory_limits() -> dict[tuple[str, ...], float]:
    rows = Instance.objects.order_by("created_at").values_list("pk", "memory_mb")
    return {(str(pk),): float(memory_mb * MEGABYTE) for pk, memory_mb in rows[:SHOWN_MAX]}
