"""The organizations that use most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import QuerySet, Sum

from apikeys.models import KeyUsage
from apikeys.usage import Amounts
from operators.spans import DAY
from quotas.models import InstanceQuota

SHOWN = 10
COUNTED = ("requests", "commands", "errors")


class Measure(StrEnum):
    """What they are ranked by: memory as it is now, the rest over a day."""

    MEMORY = "memory"
    COMMANDS = "commands"
    REQUESTS = "requests"
    ERRORS = "errors"


@dataclass(frozen=True, slots=True)
class Consumer:
    id: UUID
    name: str
    memory_mb: int
    memory_limit_mb: int
    day: Amounts = field(default_factory=Amounts)


def measure_named(text: str) -> Measure:
    """Read what a link says; anything unknown is memory."""
    return Measure(text) if text in set(Measure) else Measure.MEMORY


def consumers(now: datetime, by: Measure) -> Sequence[Consumer]:
    """List the first of them, in three queries."""
    order = _by_memory() if by is Measure.MEMORY else _by_traffic(now, by)
    traffic = _traffic(now, order)
    quotas = InstanceQuota.objects.filter(organization__in=order).select_related("organization")
    found = {
        quota.organization_id: Consumer(
            quota.organization_id,
            quota.organization.name,
            quota.memory_mb_used,
            quota.memory_mb_limit,
            traffic.get(quota.organization_id, Amounts()),
        )
        for quota in quotas
    }
    return [found[each] for each in order if each in found]


def _by_memory() -> list[UUID]:
    using = InstanceQuota.objects.filter(memory_mb_used__gt=0)
    rows = using.order_by("-memory_mb_used", "organization_id")
    return list(rows.values_list("organization_id", flat=True)[:SHOWN])


def _by_traffic(now: datetime, by: Measure) -> list[UUID]:
    sums = _of_last_day(now).values_list("key__organization").annotate(sum=Sum(by.value))
    rows = sums.filter(sum__gt=0).order_by("-sum", "key__organization")
    return [organization for organization, _ in rows[:SHOWN]]


def _traffic(now: datetime, organizations: Sequence[UUID]) -> Mapping[UUID, Amounts]:
    rows = _of_last_day(now).filter(key__organization__in=organizations)
    sums = rows.values_list("key__organization").annotate(*(Sum(name) for name in COUNTED))
    return {organization: Amounts(*numbers) for organization, *numbers in sums}


def _of_last_day(now: datetime) -> QuerySet[KeyUsage]:
    return KeyUsage.objects.filter(hour__gt=now - DAY.length, hour__lte=now).order_by()
