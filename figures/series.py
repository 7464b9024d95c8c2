"""What people see of the points: lines with a name, a unit and words."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from figures.points import BUSIEST, KEYS_OF, Point

Value = float | int | None


class Unit(StrEnum):
    BYTES = "bytes"
    BYTES_PER_SECOND = "bytes/s"
    PER_SECOND = "1/s"
    COUNT = "count"
    RATIO = "ratio"
    FACTOR = "factor"
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True)
class Series:
    """One line. ``value`` is None where nobody can tell."""

    name: str
    label: str
    unit: Unit
    value: Callable[[Point], Value]


def _now(name: str) -> Callable[[Point], Value]:
    return lambda point: point.get(name, 0)


def _end(name: str, end: str) -> Callable[[Point], Value]:
    """Give the lowest or highest; a sample is its own."""
    return lambda point: point.get(f"{name}.{end}", point.get(name, 0))


def _each_second(*names: str) -> Callable[[Point], Value]:
    def rate(point: Point) -> Value:
        milliseconds = point.get("ms", 0)
        if not milliseconds:
            return None
        return _short(sum(point.get(name, 0) for name in names) * 1000 / milliseconds)

    return rate


def _share_of_core(*names: str) -> Callable[[Point], Value]:
    rate = _each_second(*names)

    def share(point: Point) -> Value:
        microseconds = rate(point)
        return None if microseconds is None else _short(microseconds / 1_000_000)

    return share


def _busiest(point: Point) -> Value:
    if BUSIEST in point:
        return _short(point[BUSIEST] / 1000)
    return _each_second("commands")(point)


def _hit_ratio(point: Point) -> Value:
    looked = point.get("hits", 0) + point.get("misses", 0)
    return _short(point.get("hits", 0) / looked) if looked else None


def _fragmentation(point: Point) -> Value:
    used = point.get("used", 0)
    return _short(point.get("rss", 0) / used) if used else None


def _seconds(name: str, end: str = "") -> Callable[[Point], Value]:
    read = _end(name, end) if end else _now(name)

    def seconds(point: Point) -> Value:
        microseconds = read(point)
        return None if microseconds is None else _short(microseconds / 1_000_000)

    return seconds


def _short(value: float) -> float:
    """Six digits are more than anybody can read off a line."""
    return float(f"{value:.6g}")


SERIES = (
    Series("memory_used", "Used", Unit.BYTES, _now("used")),
    Series("memory_used_max", "Used, highest", Unit.BYTES, _end("used", "max")),
    Series("memory_rss", "Resident", Unit.BYTES, _now("rss")),
    Series("memory_peak", "Peak since the start", Unit.BYTES, _now("peak")),
    Series("memory_limit", "Limit", Unit.BYTES, _now("limit")),
    Series("memory_fragmentation", "Fragmentation", Unit.FACTOR, _fragmentation),
    Series("operations", "Commands", Unit.PER_SECOND, _each_second("commands")),
    Series("operations_max", "Busiest ten seconds", Unit.PER_SECOND, _busiest),
    Series("hit_ratio", "Hit rate", Unit.RATIO, _hit_ratio),
    Series("hits", "Hits", Unit.PER_SECOND, _each_second("hits")),
    Series("misses", "Misses", Unit.PER_SECOND, _each_second("misses")),
    Series("clients", "Clients", Unit.COUNT, _now("clients")),
    Series("clients_max", "Clients, highest", Unit.COUNT, _end("clients", "max")),
    Series("clients_blocked", "Blocked", Unit.COUNT, _now("blocked")),
    Series("network_in", "Received", Unit.BYTES_PER_SECOND, _each_second("bytes_in")),
    Series("network_out", "Sent", Unit.BYTES_PER_SECOND, _each_second("bytes_out")),
    Series("evictions", "Evicted", Unit.PER_SECOND, _each_second("evicted")),
    Series("expirations", "Expired", Unit.PER_SECOND, _each_second("expired")),
    Series("cpu_user", "User", Unit.RATIO, _share_of_core("cpu_user_us")),
    Series("cpu_system", "System", Unit.RATIO, _share_of_core("cpu_sys_us")),
    Series("latency", "PING", Unit.SECONDS, _seconds("ping_us")),
    Series("latency_max", "PING, slowest", Unit.SECONDS, _seconds("ping_us", "max")),
    Series("keys", "Keys", Unit.COUNT, _now("keys")),
    Series("keys_expiring", "Keys with an expiry", Unit.COUNT, _now("expiring")),
)
BY_NAME = {each.name: each for each in SERIES}


def of(points: Sequence[Point | None]) -> list[Series]:
    """Give every line, and one for the keys of each database if there are several."""
    present = [point for point in points if point]
    named = {name for point in present for name in point if name.startswith(KEYS_OF)}
    databases = sorted(named, key=lambda name: (len(name), name))
    if databases == [f"{KEYS_OF}db0"]:
        return list(SERIES)
    return [*SERIES, *(_of_database(name) for name in databases)]


def _of_database(name: str) -> Series:
    database = name.removeprefix(KEYS_OF)
    return Series(f"keys_{database}", f"Keys in {database}", Unit.COUNT, _now(name))


def values(series: Series, points: Sequence[Point | None]) -> list[Value]:
    return [None if point is None else series.value(point) for point in points]
