"""What an organization used in a month, for the page that shows it: what is settled is kept.

Files and the management API count anew: somebody may pay by them.
"""

from collections import defaultdict
from dataclasses import astuple
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max

from metering import counting, statements
from metering.amounts import Amounts
from metering.counting import Line
from metering.models import SealedMonth
from metering.months import Month
from metering.statements import Counted, Sums
from orgs.models import Organization
from redisgate.lib.cache import Kept

Earlier = dict[UUID, Amounts]
HOUR = timedelta(hours=1)
EARLIER_SECONDS, FINAL_SECONDS = HOUR.total_seconds(), 86_400.0
LATE = HOUR
"""What keys do is written within seconds. What comes even later counts from the next hour on."""


def counted(organization: Organization, month: Month, *, now: datetime) -> Counted:
    """Read what is final once a day, and count what isn't until this moment."""

    def count() -> Counted:
        return statements.counted(organization, month, now=now, lines=lines)

    if settings.CACHE_REDIS and SealedMonth.objects.filter(first_day=month.first_day).exists():
        return _final.of(organization.pk, month, make=count)
    return count()


def lines(organization: Organization, month: Month, *, now: datetime) -> list[Line]:
    """Count an unfinished month; what keys did until an hour or two ago, once an hour."""
    if not settings.CACHE_REDIS:
        return statements.unfinished(organization, month, now=now)
    end = _settled_until(month, now)

    def add_up() -> Earlier:
        found: Earlier = defaultdict(Amounts)
        for _, instance, amounts in counting.did_between(month.begins_at, end, organization.pk):
            found[instance].add(amounts)
        return found

    earlier = _earlier.of(organization.pk, month, int(end.timestamp()), make=add_up)
    did = chain(
        ((organization.pk, instance, amounts) for instance, amounts in earlier.items()),
        counting.did_lately(end, month.ends_at, organization.pk),
    )
    return counting.lines(month, now=now, organization_id=organization.pk, did=did)


def _settled_until(month: Month, now: datetime) -> datetime:
    full_hour = now.replace(minute=0, second=0, microsecond=0)
    return max(month.begins_at, min(month.ends_at, full_hour - LATE))


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


def _write_earlier(earlier: Earlier) -> list[Any]:
    return [(str(instance), astuple(amounts)) for instance, amounts in earlier.items()]


def _read_earlier(data: list[Any]) -> Earlier:
    return {UUID(instance): Amounts(*amounts) for instance, amounts in data}


def _write_sums(sums: Sums) -> list[Any]:
    return [(str(month), astuple(amounts)) for month, amounts in sums.items()]


def _read_sums(data: list[Any]) -> Sums:
    return {Month.parse(month): Amounts(*amounts) for month, amounts in data}


_earlier = Kept[Earlier](
    "usage_earlier", write=_write_earlier, read=_read_earlier, seconds=EARLIER_SECONDS
)
_final = Kept[Counted]("usage_final", write=_write, read=_read, seconds=FINAL_SECONDS)
_sums = Kept[Sums]("usage_past", write=_write_sums, read=_read_sums)
