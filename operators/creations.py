"""How often an instance that somebody made came to run, and after how long.

The audit log says when one was made, also when it is gone again; the intervals that statements are
made of say when it first ran.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Min

from audit.actions import Action
from audit.models import AuditEvent
from metering.models import Interval
from operators.rates import Rate, Times
from operators.spans import MONTH, Span
from orgs.models import Organization
from redisgate.lib.remembering import Remembered

MOST = 20_000
"""More would make nobody wiser. Of more it is any of them, as the database finds them."""
GOOD_SECONDS = 60.0
"""Each open page asks every ten seconds, and a month doesn't change so fast."""
PATIENCE = timedelta(seconds=60)
"""One that doesn't run yet has not failed before."""


@dataclass(frozen=True, slots=True)
class Creation:
    made_at: datetime
    ran_at: datetime | None

    @property
    def took(self) -> timedelta | None:
        # Written by different clocks: the database's may be a moment behind ours.
        return None if self.ran_at is None else max(timedelta(), self.ran_at - self.made_at)


@dataclass(frozen=True, slots=True)
class Creations:
    now: datetime
    made: Sequence[Creation]

    @property
    def is_sample(self) -> bool:
        """Tell whether there were more than are looked at."""
        return len(self.made) >= MOST

    def rate(self, span: Span) -> Rate:
        """Tell how many came to run, of those that had the time to."""
        judged = [
            each
            for each in self.made
            if each.made_at >= self.now - span.length
            and (each.ran_at is not None or each.made_at <= self.now - PATIENCE)
        ]
        return Rate(sum(each.ran_at is not None for each in judged), len(judged))

    @property
    def times(self) -> Times:
        return Times.of(each.took for each in self.made if each.took is not None)


_creations = Remembered[None, Creations](GOOD_SECONDS)
forget = _creations.forget


def creations(now: datetime) -> Creations:
    """Look at a month, in two queries, unless that was done within a minute."""
    return _creations.of(None, lambda: _look(now))


def _look(now: datetime) -> Creations:
    # By organization, because that is how the log's index begins.
    made = AuditEvent.objects.filter(
        organization_id__in=Organization.objects.order_by().values("pk"),
        action=Action.INSTANCE_CREATE,
        at__gte=now - MONTH.length,
        at__lte=now,
    )
    # In no order: asked for the newest, SQLite reads all of the log by its time.
    events = list(made.order_by().values_list("object_id", "at", "organization_id")[:MOST])
    first = _first_runs({org for _, _, org in events if org}, since=now - MONTH.length)
    return Creations(now, [Creation(at, first.get(instance)) for instance, at, _ in events])


def _first_runs(organizations: set[UUID], *, since: datetime) -> Mapping[UUID, datetime]:
    ran = Interval.objects.filter(organization__in=organizations, started_at__gte=since)
    return dict(ran.order_by().values_list("instance_id").annotate(Min("started_at")))
