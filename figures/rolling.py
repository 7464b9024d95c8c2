"""Raw points become coarser ones, and old ones go. Each pass can be repeated without harm.

A coarser point is always made anew of all the finer ones below it, never added to. So a pass that
was killed half-way, or made by two controllers at once, ends in the same numbers.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from figures import store
from figures.levels import HOUR, HOURS, LEVELS, MINUTES, RAW, TENS, Level
from figures.models import Chunk
from figures.points import Point, merge
from figures.store import Stretch
from instances.models import Instance
from redisgate.lib.write_lock import retried_when_locked

BATCH = 50
PRUNED_MAX = 1000
ORPHANED_SECONDS = HOUR
LATE_SECONDS = 30
"""How long after its end a raw chunk may still get a point."""


@retried_when_locked
def roll_up(now: int, *, fence: int) -> int:
    """Take some raw chunks that are complete into the coarser levels, and say how many."""
    with transaction.atomic():
        ready = Chunk.objects.filter(
            step=RAW.step, is_rolled_up=False, start__lte=now - RAW.span - LATE_SECONDS
        )
        raw = [store.stretch_of(chunk, RAW) for chunk in ready.order_by("start")[:BATCH]]
        if raw:
            _take_in(raw, fence)
    return len(raw)


@retried_when_locked
def prune(now: int) -> int:
    """Delete some of what is past its time or whose instance is gone, and say how many."""
    for level in LEVELS:
        old = Chunk.objects.filter(step=level.step, start__lt=now - level.keep - level.span)
        if count := _delete(old.values_list("pk", flat=True)[:PRUNED_MAX]):
            return count
    there = Instance.objects.filter(pk=OuterRef("instance_id"))
    orphans = Chunk.objects.filter(~Exists(there), start__lt=now - ORPHANED_SECONDS)
    return _delete(orphans.values_list("pk", flat=True)[:PRUNED_MAX])


def _delete(keys: Iterable[int]) -> int:
    count, _ = Chunk.objects.filter(pk__in=list(keys)).delete()
    return count


def _take_in(raw: list[Stretch], fence: int) -> None:
    minutes, tens, hours = (_Coarser(level, raw) for level in (MINUTES, TENS, HOURS))
    for each in raw:
        minutes.make_of(each)
        each.is_rolled_up = True
    for coarser in (tens, hours):
        for each in raw:
            coarser.make_again(each, minutes)
    store.write([*minutes.all, *tens.all, *hours.all, *raw], fence=fence)


class _Coarser:
    """The chunks of one level that raw ones belong to."""

    def __init__(self, level: Level, raw: list[Stretch]) -> None:
        self._level = level
        ids = {each.instance_id for each in raw}
        since = min(each.start for each in raw)
        until = max(each.start for each in raw) + RAW.span
        there = store.read(ids, level, since=since, until=until)
        self._chunks = {
            (each.instance_id, each.start): each for several in there.values() for each in several
        }

    @property
    def all(self) -> Iterable[Stretch]:
        return self._chunks.values()

    def chunk_of(self, instance_id: UUID, at: int) -> Stretch:
        start = self._level.start_of(at)
        new = Stretch(instance_id, self._level, start)
        return self._chunks.setdefault((instance_id, start), new)

    def make_of(self, raw: Stretch) -> None:
        """Make every point below which there are raw ones."""
        below: dict[int, list[Point]] = {}
        for place in sorted(raw.points):
            at = raw.start + place * RAW.step
            below.setdefault(at - at % self._level.step, []).append(raw.points[place])
        for at, points in below.items():
            self._put(raw.instance_id, at, merge(points))

    def make_again(self, raw: Stretch, minutes: "_Coarser") -> None:
        """Make the one point that this raw chunk belongs to, of all its minutes."""
        at = raw.start - raw.start % self._level.step
        finer = minutes.chunk_of(raw.instance_id, at).points
        first = MINUTES.place_of(at)
        places = range(first, first + self._level.step // MINUTES.step)
        points = [finer[place] for place in places if place in finer]
        if points:
            self._put(raw.instance_id, at, merge(points))

    def _put(self, instance_id: UUID, at: int, point: Point) -> None:
        self.chunk_of(instance_id, at).points[self._level.place_of(at)] = point
