"""A key's usage over time, in the form in which pages draw it."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Sum
from django.db.models.functions import TruncDay
from django.utils import timezone

from apikeys.models import ApiKey
from apikeys.usage import NUMBERS, Amounts
from redisgate.lib.errors import InvalidInput

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DEFAULT = "24h"


@dataclass(frozen=True, slots=True)
class Range:
    """A usual stretch of time up to now, with a value for each ``step``."""

    name: str
    label: str
    length: timedelta
    step: timedelta

    @property
    def is_by_day(self) -> bool:
        return self.step == DAY


RANGES = {
    each.name: each
    for each in (
        Range("24h", "24 hours", DAY, HOUR),
        Range("7d", "7 days", 7 * DAY, HOUR),
        Range("30d", "30 days", 30 * DAY, DAY),
        Range("90d", "90 days", 90 * DAY, DAY),
    )
}


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawing; its series share a unit."""

    name: str
    title: str
    words: str
    unit: str
    series: tuple[str, ...]
    is_sum: bool = False
    """Whether its lines add up to one number, as what goes in and what comes out."""
    is_total: bool = True
    """Whether the range has a number of its own, which is of more use than its last step."""

    @property
    def names(self) -> str:
        return " ".join(self.series)


CHARTS = (
    Chart("requests", "Requests", "Calls to the HTTP API.", "count", ("requests",)),
    Chart("commands", "Commands", "Each one of a pipeline counts.", "count", ("commands",)),
    Chart(
        "errors", "Errors", "Refused requests, and what the server refused.", "count", ("errors",)
    ),
    Chart(
        "bytes",
        "Traffic",
        "Received: paths and bodies of requests. Sent: bodies of answers.",
        "bytes",
        ("bytes_in", "bytes_out"),
        is_sum=True,
    ),
)
_LABELS = {
    "requests": "Requests",
    "commands": "Commands",
    "errors": "Errors",
    "bytes_in": "Received",
    "bytes_out": "Sent",
}


@dataclass(frozen=True, slots=True)
class Usage:
    """Amounts of every step of a range, the oldest first; nothing is left out."""

    range: Range
    steps: dict[datetime, Amounts]

    @property
    def totals(self) -> Amounts:
        total = Amounts()
        for each in self.steps.values():
            total.add(each)
        return total

    @property
    def newest_first(self) -> list[tuple[datetime, Amounts]]:
        """Give the steps in which there was anything."""
        return [(at, used) for at, used in reversed(self.steps.items()) if used != Amounts()]

    def render(self) -> dict[str, Any]:
        """Give it as the management API does; times are seconds since 1970."""
        times = [int(at.timestamp()) for at in self.steps]
        step = int(self.range.step.total_seconds())
        return {
            "range": self.range.name,
            "from": times[0],
            "to": times[-1] + step,
            "step": step,
            "totals": asdict(self.totals),
            "times": times,
            "series": [
                {
                    "name": name,
                    "label": _LABELS[name],
                    "unit": "bytes" if name.startswith("bytes") else "count",
                    "values": [getattr(used, name) for used in self.steps.values()],
                }
                for name in NUMBERS
            ],
        }


def named(name: str) -> Range:
    """Find a usual range, or raise InvalidInput."""
    if name not in RANGES:
        words = f"The range must be one of {', '.join(RANGES)}."
        raise InvalidInput.in_field("range", words)
    return RANGES[name]


def of(key: ApiKey, wanted: Range) -> Usage:
    """Add up the usage of a key by hour or day, the present one included."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    last = now.replace(hour=0) if wanted.is_by_day else now
    first = last - wanted.length + wanted.step
    steps = {first + wanted.step * n: Amounts() for n in range(wanted.length // wanted.step)}
    rows = key.usage.filter(hour__gte=first).order_by()
    at = TruncDay("hour") if wanted.is_by_day else "hour"
    sums = {f"{name}_sum": Sum(name) for name in NUMBERS}
    for at_, *numbers in rows.values_list(at).annotate(**sums):
        if at_ in steps:
            steps[at_] = Amounts(*numbers)
    return Usage(wanted, steps)
