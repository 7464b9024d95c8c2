"""Requests and commands over HTTP of all organizations, by hour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Sum

from apikeys.models import KeyUsage
from apikeys.usage import Amounts
from operators.largest import COUNTED
from operators.rates import Rate
from operators.spans import DAY, MONTH, Span

HOUR = timedelta(hours=1)
WRITTEN_AFTER = timedelta(hours=1)
"""Workers write down what they counted each second, and after an outage a bit later."""

GOOD_FOR = timedelta(days=1)
"""After it all is added up again: organizations go, and an outage may write hours much later."""


@dataclass(slots=True)
class Finished:
    """Hours that hardly change: a month of them takes long to add up again and again."""

    hours: dict[datetime, Amounts] = field(default_factory=dict)
    begun_at: datetime | None = None

    def renew(self, now: datetime) -> None:
        """Begin anew when what is known is older than a day."""
        if self.begun_at is None or not self.begun_at <= now < self.begun_at + GOOD_FOR:
            self.hours.clear()
            self.begun_at = now


_finished = Finished()


class Traffic:
    """The last thirty days."""

    def __init__(self, now: datetime, hours: Mapping[datetime, Amounts]) -> None:
        self._now = now
        self._hours = hours

    def of(self, span: Span) -> Amounts:
        first = _hour_of(self._now) - span.length + HOUR
        total = Amounts()
        for hour, amounts in self._hours.items():
            if hour >= first:
                total.add(amounts)
        return total

    @property
    def day(self) -> Amounts:
        return self.of(DAY)

    def rate(self, span: Span) -> Rate:
        """Tell how many were answered without an error.

        A refused request ran no command and a pipeline is one request with many, so what was
        tried is whichever there is more of.
        """
        amounts = self.of(span)
        tried = max(amounts.commands, amounts.requests, amounts.errors)
        return Rate(tried - amounts.errors, tried)

    @property
    def last_day(self) -> list[int]:
        """Give the commands of each of 24 hours, the oldest first."""
        last = _hour_of(self._now)
        hours = [last - HOUR * back for back in reversed(range(DAY.length // HOUR))]
        return [self._hours.get(hour, Amounts()).commands for hour in hours]


def traffic(now: datetime) -> Traffic:
    """Add up what isn't known yet, in one query."""
    first = _hour_of(now) - MONTH.length + HOUR
    settled = _hour_of(now - WRITTEN_AFTER)
    _finished.renew(now)
    known = {hour: sums for hour, sums in _finished.hours.items() if first <= hour < settled}
    since = max(known, default=first - HOUR) + HOUR
    rows = KeyUsage.objects.filter(hour__gte=since, hour__lte=now).order_by()
    fresh = {
        hour: Amounts(*sums)
        for hour, *sums in rows.values_list("hour").annotate(*(Sum(name) for name in COUNTED))
    }
    every = {**known, **fresh}
    _finished.hours = {hour: sums for hour, sums in every.items() if hour < settled}
    return Traffic(now, every)


def forget() -> None:
    """Add up everything again: the rows are others than they were."""
    _finished.begun_at = None


def _hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
