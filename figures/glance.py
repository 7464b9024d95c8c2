"""The newest figures on the first page of an instance."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils import timezone

from figures import lines
from figures.levels import HOUR, MINUTE
from figures.lines import Lines
from figures.points import Point
from figures.series import BY_NAME
from figures.table import said
from figures.windows import Range, up_to
from instances.glances import Figure, Glance

LAST_HOUR = Range("hour", "1 hour", HOUR, MINUTE, MINUTE)
NAMES = ("used", "limit", "commands", "hits", "misses", "clients", "keys")


def source(instance_ids: Collection[UUID]) -> Mapping[UUID, Glance]:
    """Tell of those that were looked at within the last half minute, in one query."""
    now = timezone.now().timestamp()
    found = lines.of_several(instance_ids, NAMES, up_to(now, LAST_HOUR), now=now)
    return {instance_id: _glance(each) for instance_id, each in found.items() if each.newest}


def _glance(last: Lines) -> Glance:
    """Tell of now, and of an hour where ten seconds often hold nothing to tell of."""
    now = last.newest
    return (
        _memory(now),
        Figure(label="Commands", value=_said("operations", now)),
        Figure(label="Hit rate", value=_said("hit_ratio", last.totals), note="in the last hour"),
        Figure(label="Clients", value=_said("clients", now)),
        Figure(label="Keys", value=_said("keys", now)),
    )


def _memory(point: Point) -> Figure:
    used, limit = point.get("used", 0), point.get("limit", 0)
    return Figure(
        label="Memory",
        value=_said("memory_used", point),
        note=f"of {_said('memory_limit', point)}" if limit else "",
        percent=min(100, used * 100 // limit) if limit else None,
    )


def _said(name: str, point: Point) -> str:
    series = BY_NAME[name]
    return said(series.value(point), series.unit)
