"""What was kept of an instance, as points of a wanted window."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db.models import Q, QuerySet

from figures import store
from figures.levels import LEVELS, RAW, Level
from figures.models import Chunk
from figures.points import Point, merge
from figures.windows import Window

_LEVEL_OF = {level.step: level for level in LEVELS}


def points(instance_id: UUID, window: Window) -> list[Point | None]:
    """Give a point for each of the window's times; None where there was no sample."""
    return of_several([instance_id], window).get(instance_id) or [None for _ in window.times]


def of_several(instance_ids: Iterable[UUID], window: Window) -> Mapping[UUID, list[Point | None]]:
    """Do the same for many instances, in one query; those without any sample are left out."""
    slots: dict[UUID, dict[int, list[Point]]] = {}
    for chunk in chunks(instance_ids, window):
        mine = slots.setdefault(chunk.instance_id, {})
        level = _LEVEL_OF[chunk.step]
        for place, point in store.stretch_of(chunk, level).points.items():
            at = chunk.start + place * level.step
            if window.since <= at < window.until:
                mine.setdefault(at - at % window.step, []).append(point)
    return {
        instance_id: [merge(mine[at]) if at in mine else None for at in window.times]
        for instance_id, mine in slots.items()
        if mine
    }


def chunks(instance_ids: Iterable[UUID], window: Window) -> QuerySet[Chunk]:
    """Find the chunks of the level, and the raw ones that it doesn't hold yet, in order."""
    level = window.level
    wanted = _of_level(level, window)
    if level is not RAW:
        wanted |= _of_level(RAW, window) & Q(is_rolled_up=False)
    # A coarser chunk begins before the raw ones that follow its last point.
    return Chunk.objects.filter(wanted, instance_id__in=list(instance_ids)).order_by(
        "start", "-step"
    )


def _of_level(level: Level, window: Window) -> Q:
    return Q(step=level.step, start__gt=window.since - level.span, start__lt=window.until)
