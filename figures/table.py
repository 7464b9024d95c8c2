"""The same figures as a table, for who doesn't see charts or has no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from figures.points import Point
from figures.series import BY_NAME, Series, Unit, Value
from figures.windows import Window
from redisgate.lib.units import short, size

_HEADS = {"operations": "Commands", "cpu_user": "CPU"}
_COLUMNS = (
    *("operations", "memory_used", "hit_ratio", "latency", "clients", "network_in", "network_out"),
    *("cpu_user", "keys", "evictions"),
)
_PARTS = {"cpu_user": ("cpu_user", "cpu_system")}
"""What one column adds up."""


@dataclass(frozen=True, slots=True)
class Column:
    head: str
    unit: Unit
    parts: tuple[Series, ...]

    @classmethod
    def of(cls, name: str) -> Self:
        series = BY_NAME[name]
        parts = tuple(BY_NAME[part] for part in _PARTS.get(name, (name,)))
        return cls(_HEADS.get(name, series.label), series.unit, parts)

    def cell(self, point: Point) -> str:
        values = [value for each in self.parts if (value := each.value(point)) is not None]
        return said(sum(values) if values else None, self.unit)


COLUMNS = tuple(map(Column.of, _COLUMNS))


@dataclass(frozen=True, slots=True)
class Row:
    at: datetime
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The newest first; stretches without a sample have no row."""

    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def of(window: Window, points: Sequence[Point | None]) -> Table:
    rows = [
        Row(datetime.fromtimestamp(at, UTC), tuple(each.cell(point) for each in COLUMNS))
        for at, point in zip(window.times, points, strict=True)
        if point is not None
    ]
    heads = tuple(each.head for each in COLUMNS)
    return Table(heads, tuple(reversed(rows)))


def _percent(share: float) -> str:
    """Write tenths, the finest that anybody acts upon, as the charts do."""
    return "< 0.1 %" if 0 < share < 0.0005 else f"{short(round(share * 100, 1))} %"


def said(value: Value, unit: Unit) -> str:
    """Write a number with its unit, as short as it can be read."""
    if value is None:
        return "-"
    match unit:
        case Unit.BYTES:
            return size(value)
        case Unit.BYTES_PER_SECOND:
            return f"{size(value)}/s"
        case Unit.PER_SECOND:
            return f"{short(value)}/s"
        case Unit.RATIO:
            return _percent(value)
        case Unit.FACTOR:
            return f"{short(value)} x"
        case Unit.SECONDS:
            return f"{short(value * 1000)} ms"
        case Unit.COUNT:
            return f"{value:,.0f}"
