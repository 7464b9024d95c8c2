"""Add up what instances used in a month, from when they ran and from what their keys did."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, Sum

from apikeys.models import ApiKey, KeyUsage
from metering.amounts import TRAFFIC, Amounts
from metering.models import Interval
from metering.months import Month

UNNAMED = "Deleted instance"


@dataclass(slots=True)
class Line:
    """One instance in one month. ``name`` is the one it had when it last ran."""

    organization_id: UUID
    instance_id: UUID
    name: str = UNNAMED
    amounts: Amounts = field(default_factory=Amounts)


def lines(month: Month, *, now: datetime, organization_id: UUID | None = None) -> list[Line]:
    """Count a month until now, of one organization or of all."""
    found: dict[tuple[UUID, UUID], Line] = {}
    for organization, instance, name, ran in _ran(month, now, organization_id):
        line = found.setdefault((organization, instance), Line(organization, instance))
        line.name = name
        line.amounts.add(ran)
    for organization, instance, did in _did(month, organization_id):
        line = found.setdefault((organization, instance), Line(organization, instance))
        line.amounts.add(did)
    return list(found.values())


def _ran(
    month: Month, now: datetime, organization_id: UUID | None
) -> Iterator[tuple[UUID, UUID, str, Amounts]]:
    inside = Interval.objects.filter(
        Q(ended_at=None) | Q(ended_at__gt=month.begins_at), started_at__lt=month.ends_at
    )
    if organization_id is not None:
        inside = inside.filter(organization=organization_id)
    for each in inside.order_by("started_at", "pk").iterator():
        begin = max(each.started_at, month.begins_at)
        end = min(each.ended_at or now, month.ends_at)
        # A clock that was set back must not take away from what others used.
        running_ms = max(0, (end - begin) // timedelta(milliseconds=1))
        ran = Amounts(running_ms=running_ms, memory_mb_ms=running_ms * each.memory_mb)
        yield each.organization_id, each.instance_id, each.instance_name, ran


def _did(month: Month, organization_id: UUID | None) -> Iterator[tuple[UUID, UUID, Amounts]]:
    keys = ApiKey.objects.all()
    if organization_id is not None:
        keys = keys.filter(organization=organization_id)
    owners = dict(keys.values_list("pk", "organization_id"))
    inside = KeyUsage.objects.filter(
        key__in=keys, hour__gte=month.begins_at, hour__lt=month.ends_at
    )
    # In the order of their index; joined to its owner, each row would cost half as much again.
    rows = inside.order_by().values_list("key_id", "instance_id")
    for key, instance, *sums in rows.annotate(*(Sum(name) for name in TRAFFIC)):
        yield owners[key], instance, Amounts(**dict(zip(TRAFFIC, sums, strict=True)))
