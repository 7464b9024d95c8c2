"""The same figures as a table, for who doesn't see charts or has no script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from figures.points import Point
from figures.series import BY_NAME, Series, Unit, Value
from figures.windows import Window
from redisgate.lib.units import MEGABYTE

COLUMNS = tuple(
    BY_NAME[name]
    for name in (
        "operations",
        "memory_used",
        "hit_ratio",
        "latency",
        "clients",
        "network_in",
        "network_out",
        "cpu_user",
        "keys",
        "evictions",
    )
)
_HEADS = {"operations": "Commands", "cpu_user": "CPU, user"}
_SIZES = (("GB", 1024 * MEGABYTE), ("MB", MEGABYTE), ("KB", 1024))


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
        Row(datetime.fromtimestamp(at, UTC), tuple(_cell(each, point) for each in COLUMNS))
        for at, point in zip(window.times, points, strict=True)
        if point is not None
    ]
    heads = tuple(_HEADS.get(each.name, each.label) for each in COLUMNS)
    return Table(heads, tuple(reversed(rows)))


def _cell(series: Series, point: Point) -> str:
    return said(series.value(point), series.unit)


def said(value: Value, unit: Unit) -> str:
    """Write a number with its unit, as short as it can be read."""
    if value is None:
        return "-"
    match unit:
        case Unit.BYTES:
            return _size(value)
        case Unit.BYTES_PER_SECOND:
            return f"{_size(value)}/s"
        case Unit.PER_SECOND:
            return f"{_number(value)}/s"
        case Unit.RATIO:
            return f"{_number(value * 100)} %"
        case Unit.FACTOR:
            return f"{_number(value)} x"
        case Unit.SECONDS:
            return f"{_number(value * 1000)} ms"
        case Unit.COUNT:
            return f"{value:,.0f}"


def _size(value: float) -> str:
    for name, size in _SIZES:
        if value >= size:
            return f"{_number(value / size)} {name}"
    return f"{value:,.0f} B"


def _number(value: float) -> str:
    """Write three digits, and all of those before the point."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
