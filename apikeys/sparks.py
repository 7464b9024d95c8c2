"""A day of requests as a drawing that fits into a row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone

from apikeys.models import ApiKey, KeyUsage

HOURS = 24
HEIGHT = 20
BAR = 3
"""The width of an hour, its gap included."""


@dataclass(frozen=True, slots=True)
class Spark:
    """Requests by hour, the oldest first."""

    hours: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.hours)

    @property
    def path(self) -> str:
        """Draw the hours that had any as bars, each at least a pixel high."""
        most = max(self.hours, default=0)
        heights = [-(-count * HEIGHT // most) if count else 0 for count in self.hours]
        return "".join(
            f"M{n * BAR} {HEIGHT}v-{high}h{BAR - 1}v{high}z"
            for n, high in enumerate(heights)
            if high
        )


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
