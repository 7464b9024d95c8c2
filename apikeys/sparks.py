"""A day of requests as a drawing that fits into a row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone

from apikeys.models import ApiKey, KeyUsage
from redisgate.lib import sparks, units

HOURS = 24


@dataclass(frozen=True, slots=True)
class Spark:
    """Requests by hour, the oldest first."""

    hours: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.hours)

    @property
    def words(self) -> str:
        return f"{units.counted(self.total, 'request')} in {HOURS} hours"

    @property
    def path(self) -> str:
        return sparks.bars(self.hours)


def of_last_day(keys: Iterable[ApiKey]) -> Mapping[UUID, Spark]:
    """Draw the last 24 hours of each key, the present one included; one query."""
    ids = [key.pk for key in keys]
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    first = now - timedelta(hours=HOURS - 1)
    hours = {key_id: [0] * HOURS for key_id in ids}
    recent = KeyUsage.objects.filter(key__in=ids, hour__gte=first, hour__lte=now)
    for key_id, hour, count in (
        recent.order_by().values_list("key_id", "hour").annotate(Sum("requests"))
    ):
        hours[key_id][(hour - first) // timedelta(hours=1)] = count
    return {key_id: Spark(tuple(counts)) for key_id, counts in hours.items()}
