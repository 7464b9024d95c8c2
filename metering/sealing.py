"""Finish months: what was counted is written down for good, and what it was counted from may go.

A month is sealed once, in the order of the calendar and some days after its end, so that usage
which a worker could not write at once is in it. That is long before usage by hour is pruned.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Min

from apikeys.models import KeyUsage
from metering import counting
from metering.amounts import NAMES
from metering.models import Interval, MonthlyUsage, SealedMonth
from metering.months import Month
from redisgate.lib.write_lock import retried_when_locked

log = logging.getLogger("redisgate.metering")

GRACE = timedelta(days=3)
BATCH = 50
"""Rows for one statement; some databases take a thousand values at most."""


def seal_what_is_due(now: datetime) -> list[Month]:
    """Seal every month that ended long enough ago, the oldest first."""
    first, last = _first_unsealed(), Month.of(now - GRACE).previous
    return [month for month in first.until(last) if seal(month, now)] if first else []


@retried_when_locked
def seal(month: Month, now: datetime) -> bool:
    """Write a month's lines down for good; False when somebody has done it already."""
    try:
        with transaction.atomic():
            # The row's key lets one of several controllers do it; the others wait and fail.
            SealedMonth.objects.create(first_day=month.first_day, sealed_at=now)
            rows = [_row(month, line) for line in counting.lines(month, now=now)]
            MonthlyUsage.objects.bulk_create(rows, batch_size=BATCH)
            Interval.objects.filter(ended_at__lte=month.ends_at).delete()
    except IntegrityError:
        if SealedMonth.objects.filter(first_day=month.first_day).exists():
            return False
        raise
    log.info("The statements of %s are final: %d lines.", month, len(rows))
    return True


def _row(month: Month, line: counting.Line) -> MonthlyUsage:
    return MonthlyUsage(
        organization_id=line.organization_id,
        first_day=month.first_day,
        instance_id=line.instance_id,
        instance_name=line.name,
        **{name: getattr(line.amounts, name) for name in NAMES},
    )


def _first_unsealed() -> Month | None:
    sealed = SealedMonth.objects.aggregate(last=Max("first_day"))["last"]
    if sealed is not None:
        return Month.on(sealed).next
    beginnings: list[Any] = [
        Interval.objects.aggregate(first=Min("started_at"))["first"],
        KeyUsage.objects.aggregate(first=Min("hour"))["first"],
    ]
    known = [beginning for beginning in beginnings if beginning is not None]
    return Month.of(min(known)) if known else None
