"""A line of figures for the whole organization. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from figures.series import Unit
from figures.table import said
from overview.servers import Server
from redisgate.lib import sparks, units

HOUR_WORDS = "in the last hour"
ERROR_AMBER, ERROR_RED = 0.05, 0.2
DAY_HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One figure: its name, its value, and how it came to that."""

    key: str
    label: str
    value: str
    note: str = ""
    level: str = "ok"
    spark: str = ""
    spark_kind: str = "line"
    spark_words: str = ""


@dataclass(frozen=True, slots=True)
class Requests:
    """What came over the command API in one hour."""

    requests: int = 0
    commands: int = 0
    errors: int = 0

    @property
    def calls(self) -> int:
        """Count what can fail: each command, and each request that was refused before any."""
        return max(self.requests, self.commands)


def cells(servers: Sequence[Server], hours: Sequence[Requests]) -> list[Cell]:
    return [
        _running(servers),
        _memory(servers),
        _commands(servers),
        _hit_rate(servers),
        _errors(hours),
    ]


def by_hour(found: Mapping[datetime, Requests], now: datetime) -> list[Requests]:
    """Give the last 24 hours, the present one included, the oldest first."""
    this = now.replace(minute=0, second=0, microsecond=0)
    times = [this - timedelta(hours=n) for n in reversed(range(DAY_HOURS))]
    return [found.get(at, Requests()) for at in times]


def _running(servers: Sequence[Server]) -> Cell:
    running = sum(1 for each in servers if each.is_running)
    return Cell(
        key="running",
        label="Instances running",
        value=f"{running:,}",
        note=f"of {len(servers):,}",
    )


def _memory(servers: Sequence[Server]) -> Cell:
    used = [each.used for each in servers if each.used is not None]
    reserved = sum(each.line.memory_mb for each in servers if not each.is_adopted)
    return Cell(
        key="memory",
        label="Memory used",
        value=said(sum(used), Unit.BYTES) if used else "-",
        note=f"of {units.memory(reserved)}",
        spark=sparks.line(_summed(servers, _used)),
        spark_words=f"Memory {HOUR_WORDS}",
    )


def _commands(servers: Sequence[Server]) -> Cell:
    rates = [each.rate for each in servers if each.rate is not None]
    return Cell(
        key="commands",
        label="Commands now",
        value=said(sum(rates), Unit.PER_SECOND) if rates else "-",
        spark=sparks.line(_summed(servers, _rates)),
        spark_words=f"Commands a second {HOUR_WORDS}",
    )


def _hit_rate(servers: Sequence[Server]) -> Cell:
    hits, misses = sum(s.sum("hits") for s in servers), sum(s.sum("misses") for s in servers)
    found = _summed(servers, _counts("hits"))
    missed = _summed(servers, _counts("misses"))
    shares = [
        hit / (hit + miss) if hit is not None and miss is not None and hit + miss else None
        for hit, miss in zip(found, missed, strict=True)
    ]
    return Cell(
        key="hit_rate",
        label="Hit rate",
        value=said(hits / (hits + misses), Unit.RATIO) if hits + misses else "-",
        note=HOUR_WORDS,
        spark=sparks.line(shares, most=1),
        spark_words=f"Share of reads that found their key {HOUR_WORDS}",
    )


def _errors(hours: Sequence[Requests]) -> Cell:
    calls, errors = sum(hour.calls for hour in hours), sum(hour.errors for hour in hours)
    share = min(1.0, errors / calls) if calls else 0.0
    level = "ok" if share < ERROR_AMBER else "warning" if share < ERROR_RED else "danger"
    return Cell(
        key="errors",
        label="API errors",
        value=said(share, Unit.RATIO) if calls else "-",
        note="in 24 hours",
        level=level,
        spark=sparks.bars([hour.errors for hour in hours]),
        spark_kind="",
        spark_words=f"{units.counted(errors, 'error')} of the command API in 24 hours",
    )


def _used(server: Server) -> Sequence[float | None]:
    return server.figures.of("used") if server.figures else ()


def _rates(server: Server) -> Sequence[float | None]:
    return server.figures.rate("commands") if server.figures else ()


def _counts(name: str) -> Callable[[Server], Sequence[float | None]]:
    return lambda server: server.figures.of(name) if server.figures else ()


def _summed(
    servers: Sequence[Server], line_of: Callable[[Server], Sequence[float | None]]
) -> list[float | None]:
    """Add the lines of all servers; a time of which none tells anything stays empty."""
    lines = [line for each in servers if (line := line_of(each))]
    return [
        sum(known) if (known := [value for value in at if value is not None]) else None
        for at in zip(*lines, strict=True)
    ]
