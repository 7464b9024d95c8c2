"""The newest figures on the first page of an instance."""

from collections.abc import Collection, Mapping
from uuid import UUID

from figures import recent
from figures.points import Point
from figures.series import BY_NAME
from figures.table import said
from instances.glances import Figure, Glance


def source(instance_ids: Collection[UUID]) -> Mapping[UUID, Glance]:
    """Tell of those that were looked at within the last half minute, in one query."""
    newest = recent.newest(instance_ids)
    return {instance_id: _glance(point) for instance_id, point in newest.items()}


def _glance(point: Point) -> Glance:
    return (
        _memory(point),
        Figure(label="Commands", value=_said("operations", point)),
        Figure(label="Hit rate", value=_said("hit_ratio", point)),
        Figure(label="Clients", value=_said("clients", point)),
        Figure(label="Keys", value=_said("keys", point)),
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
