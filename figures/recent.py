"""The newest figures of many instances, each in one query."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils import timezone

from figures import store
from figures.levels import RAW
from figures.points import Point

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
