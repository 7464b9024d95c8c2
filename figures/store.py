"""Chunks in the database: written so that an older controller can't undo a younger one's work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection

from figures import packing
from figures.levels import Level
from figures.models import Chunk
from figures.points import Point
from instances.lease import CONTROLLER
from instances.models import Lease

ROWS_MAX = 100
"""Rows for one statement; some databases take a thousand values at most."""

_COLUMNS = ("instance_id", "step", "start", "points", "is_rolled_up", "fence")


@dataclass(slots=True)
class Stretch:
    """One instance's points of one chunk, by their places."""

    instance_id: UUID
    level: Level
    start: int
    points: dict[int, Point] = field(default_factory=dict)
    is_rolled_up: bool = False


def current_fence() -> int:
    """Give the number of the present lease; it grows with each controller that takes over."""
    lease = Lease.objects.filter(name=CONTROLLER).first()
    return 0 if lease is None else lease.fence


def write(stretches: Sequence[Stretch], *, fence: int) -> None:
    """Write chunks, over those that are there unless a later controller wrote them."""
    for first in range(0, len(stretches), ROWS_MAX):
        _upsert(stretches[first : first + ROWS_MAX], fence)


def read(
    instance_ids: Iterable[UUID], level: Level, *, since: int, until: int
) -> dict[UUID, list[Stretch]]:
    """Read the chunks that touch this time, in order, for several instances in one query."""
    chunks = Chunk.objects.filter(
        instance_id__in=list(instance_ids),
        step=level.step,
        start__gt=since - level.span,
        start__lt=until,
    )
    found: dict[UUID, list[Stretch]] = {}
    for chunk in chunks.order_by("start"):
        found.setdefault(chunk.instance_id, []).append(stretch_of(chunk, level))
    return found


def stretch_of(chunk: Chunk, level: Level) -> Stretch:
    points = packing.unpack(bytes(chunk.points))
    return Stretch(chunk.instance_id, level, chunk.start, points, chunk.is_rolled_up)


def _upsert(stretches: Sequence[Stretch], fence: int) -> None:
    table = Chunk._meta.db_table
    values = ", ".join([f"({', '.join(['%s'] * len(_COLUMNS))})"] * len(stretches))
    news = ", ".join(f"{name} = excluded.{name}" for name in _COLUMNS[3:])
    statement = (
        f"INSERT INTO {table} ({', '.join(_COLUMNS)}) VALUES {values}"  # noqa: S608  our own names
        f" ON CONFLICT ({', '.join(_COLUMNS[:3])}) DO UPDATE SET {news}"
        f" WHERE {table}.fence <= excluded.fence"
    )
    instance = Chunk._meta.get_field("instance")
    prepared: list[Any] = []
    for each in stretches:
        prepared += [
            instance.get_db_prep_save(each.instance_id, connection),
            each.level.step,
            each.start,
            packing.pack(each.points),
            each.is_rolled_up,
            fence,
        ]
    with connection.cursor() as cursor:
        cursor.execute(statement, prepared)
