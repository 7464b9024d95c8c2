"""What keys have used, for the people and programs that look at it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone

from apikeys.models import ApiKey, KeyUsage
from apikeys.usage import NUMBERS, Amounts

LISTED_DAYS = 30
HOURS_MAX = 90 * 24


@dataclass(frozen=True, slots=True)
class Report:
    """The usage of one key since a full hour: as a whole, by instance, and by hour."""

    since: datetime
    totals: Amounts
    instances: dict[UUID, Amounts]
    hours: dict[datetime, Amounts]

    def render(self) -> dict[str, Any]:
        """Give it as the management API does; hours without a request are left out."""
        return {
            "since": self.since,
            "totals": asdict(self.totals),
            "instances": [
                {"instance": str(each), **asdict(used)} for each, used in self.instances.items()
            ],
            "hours": [{"hour": each, **asdict(used)} for each, used in self.hours.items()],
        }


def report(key: ApiKey, *, hours: int) -> Report:
    """Add up the last hours, the present one included."""
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    found = Report(now - timedelta(hours=hours - 1), Amounts(), {}, {})
    for row in key.usage.filter(hour__gte=found.since).order_by("hour", "instance_id"):
        used = Amounts(*(getattr(row, name) for name in NUMBERS))
        found.totals.add(used)
        found.instances.setdefault(row.instance_id, Amounts()).add(used)
        found.hours.setdefault(row.hour, Amounts()).add(used)
    return found


def of_last_days(keys: Iterable[ApiKey]) -> Mapping[UUID, Amounts]:
    """Add up the last thirty days of each key, in one query."""
    since = timezone.now() - timedelta(days=LISTED_DAYS)
    recent = KeyUsage.objects.filter(key__in=[key.pk for key in keys], hour__gte=since)
    sums = [Sum(name) for name in NUMBERS]
    rows = recent.order_by().values_list("key_id").annotate(*sums)
    return {key_id: Amounts(*numbers) for key_id, *numbers in rows}
