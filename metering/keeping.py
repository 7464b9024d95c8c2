"""What an organization used in a month, kept for a while for the page that shows it.

Files and the management API count anew: somebody may pay by them.
"""

from dataclasses import astuple
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max

from audit import versions
from metering import statements
from metering.amounts import Amounts
from metering.counting import Line
from metering.models import SealedMonth
from metering.months import Month
from metering.statements import Counted, Sums
from orgs.models import Organization
from redisgate.lib.cache import Kept

SO_FAR_SECONDS, FINAL_SECONDS = 60.0, 86_400.0
"""The page says until when it has counted. What is final stays as it is."""


def counted(organization: Organization, month: Month, *, now: datetime) -> Counted:
    """Count a month unless it was counted just now, and nobody has done anything since."""

    def count() -> Counted:
        return statements.counted(organization, month, now=now)

    if not settings.CACHE_REDIS:
        return count()
    if SealedMonth.objects.filter(first_day=month.first_day).exists():
        return _final.of(organization.pk, month, make=count)
    return _so_far.of(organization.pk, month, versions.of(organization.pk), make=count)


def written_sums(organization: Organization, first: Month) -> Sums:
    """Add up the finished months, once for as long as no further one is finished."""
    if not settings.CACHE_REDIS:
        return statements.written_sums(organization, first)
    last = SealedMonth.objects.aggregate(last=Max("first_day"))["last"]

    def add_up() -> Sums:
        return statements.written_sums(organization, first)

    return _sums.of(organization.pk, first, last, make=add_up)


def _write(counted: Counted) -> list[Any]:
    lines = [
        (str(each.organization_id), str(each.instance_id), each.name, astuple(each.amounts))
        for each in counted.lines
    ]
    return [counted.is_final, counted.until.timestamp(), lines]


def _read(data: list[Any]) -> Counted:
    is_final, until, lines = data
    found = [
        Line(UUID(organization), UUID(instance), name, Amounts(*amounts))
        for organization, instance, name, amounts in lines
    ]
    return Counted(is_final, datetime.fromtimestamp(until, UTC), found)


def _write_sums(sums: Sums) -> list[Any]:
    return [(str(month), astuple(amounts)) for month, amounts in sums.items()]


def _read_sums(data: list[Any]) -> Sums:
    return {Month.parse(month): Amounts(*amounts) for month, amounts in data}


_so_far = Kept[Counted]("usage_so_far", write=_write, read=_read, seconds=SO_FAR_SECONDS)
_final = Kept[Counted]("usage_final", write=_write, read=_read, seconds=FINAL_SECONDS)
_sums = Kept[Sums]("usage_past", write=_write_sums, read=_read_sums)
