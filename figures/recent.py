"""The newest figures of many instances, each in one query."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.utils import timezone

from figures import reading, series, store
from figures.levels import HOUR, MINUTE, RAW
from figures.points import Point
from figures.series import Value
from figures.windows import Window

FRESH_SECONDS = 30
"""An older sample says nothing about now."""


def newest(instance_ids: Iterable[UUID]) -> Mapping[UUID, Point]:
    """Give the last sample of each; those without a fresh one are left out."""
    now = int(timezone.now().timestamp())
    found = {}
    since = now - FRESH_SECONDS
    for instance_id, several in store.read(instance_ids, RAW, since=since, until=now + 1).items():
        chunk = several[-1]
        place = max(chunk.points)
        if chunk.start + place * RAW.step >= since:
            found[instance_id] = chunk.points[place]
    return found


def last_hour(
    instance_ids: Iterable[UUID], name: str = "operations", *, step: int = 2 * MINUTE
) -> Mapping[UUID, Sequence[Value]]:
    """Give one line of the last hour for each, by the name of its series: for small charts."""
    now = int(timezone.now().timestamp())
    until = now + -now % step
    window = Window(until - HOUR, until, step)
    line = series.BY_NAME[name]
    return {
        instance_id: series.values(line, points)
        for instance_id, points in reading.of_several(instance_ids, window).items()
    }
