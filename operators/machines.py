"""The machines that run servers, and how much room they have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Sum

from instances.hosts import BELIEVED
from instances.models import EXTERNAL, Host, Instance
from instances.states import Wish

SHOWN = 50
BUSY_LOAD = 1.5
"""Processes for each processor from which a machine is slow."""


@dataclass(frozen=True, slots=True)
class Machine:
    """One host as its controller has read it last."""

    host: Host
    is_silent: bool

    @property
    def memory_used_mb(self) -> int:
        return max(0, self.host.memory_total_mb - self.host.memory_free_mb)

    @property
    def disk_used_mb(self) -> int:
        return max(0, self.host.disk_total_mb - self.host.disk_free_mb)

    @property
    def is_memory_short(self) -> bool:
        return _percent(self.host.memory_free_mb, self.host.memory_total_mb) < (
            settings.HOST_MEMORY_FREE_PERCENT
        )

    @property
    def is_disk_short(self) -> bool:
        return _percent(self.host.disk_free_mb, self.host.disk_total_mb) < (
            settings.HOST_DISK_FREE_PERCENT
        )

    @property
    def is_busy(self) -> bool:
        load, processors = self.host.load, self.host.processors
        return load is not None and bool(processors) and load > BUSY_LOAD * (processors or 1)


def machines(now: datetime) -> Sequence[Machine]:
    """List them, the newest report first."""
    return [
        Machine(host, is_silent=now - host.seen_at > BELIEVED)
        for host in Host.objects.order_by("-seen_at")[:SHOWN]
    ]


def reserved_mb() -> int:
    """Add up what our own servers may use, those that are stopped among them."""
    ours = Instance.objects.exclude(wish=Wish.DELETED).exclude(provisioner=EXTERNAL)
    return ours.aggregate(sum=Sum("memory_mb"))["sum"] or 0


def _percent(part: int, whole: int) -> int:
    return part * 100 // max(whole, 1)
