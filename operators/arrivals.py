"""People who come: how many sign up, and how soon the first command of theirs is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Min
from django.db.models.functions import TruncDate

from accounts.models import User
from operators.rates import Rate, Times
from operators.spans import MONTH
from orgs.models import Organization
from orgs.roles import Role
from redisgate.lib.remembering import Remembered

DAYS = MONTH.length // timedelta(days=1)
MOST = 5_000
"""Of the newest people as many; more would change no median."""
GOOD_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class SignUps:
    """People by the day on which they signed up, in UTC, the oldest first."""

    by_day: Mapping[date, int]

    @property
    def total(self) -> int:
        return sum(self.by_day.values())


@dataclass(frozen=True, slots=True)
class FirstCommands:
    """Of the people who signed up in the last thirty days: who got to a first command, and when."""

    arrived: Rate
    times: Times


def sign_ups(now: datetime) -> SignUps:
    """Count by day, the present one included, in one query."""
    days = [(now - timedelta(days=back)).date() for back in reversed(range(DAYS))]
    rows = User.objects.filter(date_joined__gte=now - MONTH.length).order_by()
    found = dict(rows.values_list(TruncDate("date_joined")).annotate(Count("pk")))
    return SignUps({day: found.get(day, 0) for day in days})


_first = Remembered[None, FirstCommands](GOOD_SECONDS)
forget = _first.forget


def first_commands(now: datetime) -> FirstCommands:
    """Take the time from signing up to the first command in an organization of one's own.

    Whoever joined an organization that others had made isn't waited for. In two queries, unless
    that was done within a minute.
    """
    return _first.of(None, lambda: _look(now))


def _look(now: datetime) -> FirstCommands:
    joined = _newest_people(now)
    first = _first_commands_of(joined)
    waits = [max(timedelta(), at - joined[person]) for person, at in first.items() if at]
    return FirstCommands(Rate(len(waits), len(first)), Times.of(waits))


def _newest_people(now: datetime) -> Mapping[UUID, datetime]:
    people = User.objects.filter(date_joined__gte=now - MONTH.length, date_joined__lte=now)
    return dict(people.order_by("-date_joined").values_list("pk", "date_joined")[:MOST])


def _first_commands_of(people: Mapping[UUID, datetime]) -> Mapping[UUID, datetime | None]:
    if not people:
        return {}
    own = Organization.objects.filter(
        memberships__role=Role.OWNER,
        memberships__user__date_joined__gte=min(people.values()),
        # One that was handed over to them is older than they are.
        created_at__gte=F("memberships__user__date_joined"),
    )
    rows = own.order_by().values_list("memberships__user").annotate(Min("first_command_at"))
    return {person: at for person, at in rows if person in people}
