"""Add up what instances used in a month, from when they ran and from what their keys did."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q, Sum

from apikeys.models import ApiKey, KeyUsage
from metering.amounts import TRAFFIC, Amounts
from metering.models import Interval
from metering.months import Month

UNNAMED = "Deleted instance"
SUMS = tuple(Sum(name) for name in TRAFFIC)


@dataclass(slots=True)
class Line:
    """One instance in one month. ``name`` is the one it had when it last ran."""

    organization_id: UUID
    instance_id: UUID
    name: str = UNNAMED
    amounts: Amounts = field(default_factory=Amounts)


Did = tuple[UUID, UUID, Amounts]
"""What keys of an organization did on an instance."""


def lines(
    month: Month,
    *,
    now: datetime,
    organization_id: UUID | None = None,
    did: Iterable[Did] | None = None,
) -> list[Line]:
    """Count a month until now, of one organization or of all; ``did`` where that is known."""
    if did is None:
        did = did_between(month.begins_at, month.ends_at, organization_id)
    found: dict[tuple[UUID, UUID], Line] = {}
    for organization, instance, name, ran in _ran(month, now, organization_id):
        line = found.setdefault((organization, instance), Line(organization, instance))
        line.name = name
        line.amounts.add(ran)
    for organization, instance, amounts in did:
        line = found.setdefault((organization, instance), Line(organization, instance))
        line.amounts.add(amounts)
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


def did_between(begin: datetime, end: datetime, organization_id: UUID | None) -> Iterator[Did]:
    """Add up what keys did from one full hour to another."""
    keys = ApiKey.objects.all()
    if organization_id is not None:
        keys = keys.filter(organization=organization_id)
    owners = dict(keys.values_list("pk", "organization_id"))
    inside = KeyUsage.objects.filter(key__in=keys, hour__gte=begin, hour__lt=end)
    # In the order of their index; joined to its owner, each row would cost half as much again.
    rows = inside.order_by().values_list("key_id", "instance_id")
    for key, instance, *sums in rows.annotate(*SUMS):
        yield owners[key], instance, _traffic(sums)


def did_lately(begin: datetime, end: datetime, organization_id: UUID) -> Iterator[Did]:
    """Add up what keys of one organization did in a few hours: a few rows, by instance."""
    inside = KeyUsage.objects.filter(
        key__organization=organization_id, hour__gte=begin, hour__lt=end
    )
    for instance, *sums in inside.order_by().values_list("instance_id").annotate(*SUMS):
        yield organization_id, instance, _traffic(sums)


def _traffic(sums: Iterable[int]) -> Amounts:
    return Amounts(**dict(zip(TRAFFIC, sums, strict=True)))
