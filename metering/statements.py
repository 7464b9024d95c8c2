"""The statement of one organization for one month, final or so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from django.db.models import Sum

from instances.models import Instance
from metering import counting
from metering.amounts import NAMES, Amounts
from metering.counting import Line
from metering.models import MonthlyUsage, SealedMonth
from metering.months import Month
from metering.sealing import GRACE
from orgs.models import Organization

CHARTED_MONTHS = 12


class State(StrEnum):
    RUNNING = "running"
    """The month goes on: so far."""
    CLOSING = "closing"
    """It is over, and late usage may still come in."""
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Counted:
    """What instances used in a month until a moment, in no order."""

    is_final: bool
    until: datetime
    lines: list[Line]


Sums = Mapping[Month, Amounts]


class CountLines(Protocol):
    def __call__(self, organization: Organization, month: Month, *, now: datetime) -> list[Line]:
        """Count an unfinished month of an organization until now."""


def unfinished(organization: Organization, month: Month, *, now: datetime) -> list[Line]:
    return counting.lines(month, now=now, organization_id=organization.pk)


@dataclass(frozen=True, slots=True)
class Statement:
    """What an organization used in a month, by instance, the largest first."""

    organization: Organization
    month: Month
    state: State
    counted_until: datetime
    lines: list[Line]
    totals: Amounts
    existing: frozenset[object]
    """Ids of the instances that are still there."""


def counted(
    organization: Organization, month: Month, *, now: datetime, lines: CountLines = unfinished
) -> Counted:
    """Count until now, or read what is final."""
    is_final = SealedMonth.objects.filter(first_day=month.first_day).exists()
    found = _written(organization, month) if is_final else lines(organization, month, now=now)
    return Counted(is_final, min(now, month.ends_at), found)


def statement(
    organization: Organization, month: Month, *, now: datetime, known: Counted | None = None
) -> Statement:
    """Add it up until now, or to when ``known`` was counted; read it where it is final."""
    known = known or counted(organization, month, now=now)
    mine = Instance.objects.filter(organization=organization)
    names = dict(mine.values_list("pk", "name"))
    totals, found = Amounts(), known.lines
    for line in found:
        line.name = names.get(line.instance_id, line.name)
        totals.add(line.amounts)
    found.sort(key=lambda line: (-line.amounts.memory_mb_ms, line.name.lower()))
    state = State.FINAL if known.is_final else _state(month, now)
    return Statement(organization, month, state, known.until, found, totals, frozenset(names))


def closes_at(month: Month) -> datetime:
    """Say when a month becomes final."""
    return month.ends_at + GRACE


def written_sums(organization: Organization, first: Month) -> Sums:
    """Add up each finished month since then."""
    rows = MonthlyUsage.objects.filter(organization=organization, first_day__gte=first.first_day)
    sums = rows.order_by().values_list("first_day").annotate(*(Sum(name) for name in NAMES))
    return {Month.on(day): Amounts(*amounts) for day, *amounts in sums}


def history(
    organization: Organization,
    *,
    now: datetime,
    known: Statement,
    sums: Callable[[Organization, Month], Sums] = written_sums,
    lines: CountLines = unfinished,
) -> dict[Month, Amounts]:
    """Give the last twelve months of an organization, as long as it has been there.

    The month of ``known`` isn't counted again.
    """
    present = Month.of(now)
    first = max(Month.of(organization.created_at), present.plus(1 - CHARTED_MONTHS))
    months = {month: Amounts() for month in first.until(present)}
    sealed = SealedMonth.objects.filter(first_day__gte=first.first_day)
    final = {Month.on(day) for day in sealed.values_list("first_day", flat=True)}
    months |= sums(organization, first)
    if known.month in months:
        months[known.month] = known.totals
    for month in set(months) - final - {known.month}:
        for line in lines(organization, month, now=now):
            months[month].add(line.amounts)
    return months


def _written(organization: Organization, month: Month) -> list[Line]:
    rows = MonthlyUsage.objects.filter(organization=organization, first_day=month.first_day)
    return [
        Line(row.organization_id, row.instance_id, row.instance_name, _amounts(row)) for row in rows
    ]


def _amounts(row: MonthlyUsage) -> Amounts:
    return Amounts(**{name: getattr(row, name) for name in NAMES})


def _state(month: Month, now: datetime) -> State:
    return State.RUNNING if now < month.ends_at else State.CLOSING
