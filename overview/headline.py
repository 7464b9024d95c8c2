"""A line of figures for the whole organization. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from figures.series import Unit
from figures.table import said
from instances.states import Status
from overview.hour import Hour
from overview.servers import Server
from redisgate.lib import sparks, units

HOUR_WORDS = "in the last hour"
ERROR_AMBER, ERROR_RED = 0.05, 0.2
DAY_HOURS = 24
_WORDS = {Status.ERROR: "failed", Status.CREATING: "starting", Status.PENDING: "starting"}


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


def cells(servers: Sequence[Server], last: Hour, day: Sequence[Requests]) -> list[Cell]:
    return [
        _running(servers),
        _memory(servers, last),
        _commands(servers, last),
        _hit_rate(servers, last),
        _errors(day),
    ]


def by_hour(found: Mapping[datetime, Requests], now: datetime) -> list[Requests]:
    """Give the last 24 hours, the present one included, the oldest first."""
    this = now.replace(minute=0, second=0, microsecond=0)
    times = [this - timedelta(hours=n) for n in reversed(range(DAY_HOURS))]
    return [found.get(at, Requests()) for at in times]


def _running(servers: Sequence[Server]) -> Cell:
    running = sum(1 for each in servers if each.is_running)
    others = Counter(each.line.status for each in servers if not each.is_running)
    worst_first = [status for status in (Status.ERROR, *Status) if others.get(status)]
    told = [f"{others[each]:,} {_WORDS.get(each, each)}" for each in dict.fromkeys(worst_first)]
    return Cell(
        key="running",
        label="Instances running",
        value=f"{running:,} of {len(servers):,}",
        note=", ".join(told),
    )


def _memory(servers: Sequence[Server], last: Hour) -> Cell:
    used = [each.used for each in servers if each.used is not None]
    reserved = sum(each.line.memory_mb for each in servers if not each.is_adopted)
    return Cell(
        key="memory",
        label="Memory used",
        value=said(sum(used), Unit.BYTES) if used else "-",
        note=f"of {units.roughly(reserved)}",
        spark=sparks.line(last.used),
        spark_words=f"Memory {HOUR_WORDS}",
    )


def _commands(servers: Sequence[Server], last: Hour) -> Cell:
    rates = [each.rate for each in servers if each.rate is not None]
    return Cell(
        key="commands",
        label="Commands now",
        value=said(sum(rates), Unit.PER_SECOND) if rates else "-",
        note="on all instances",
        spark=sparks.line(last.rates),
        spark_words=f"Commands a second {HOUR_WORDS}",
    )


def _hit_rate(servers: Sequence[Server], last: Hour) -> Cell:
    hits, misses = sum(s.sum("hits") for s in servers), sum(s.sum("misses") for s in servers)
    shares = [
        hit / (hit + miss) if hit is not None and miss is not None and hit + miss else None
        for hit, miss in zip(last.hits, last.misses, strict=True)
    ]
    return Cell(
        key="hit_rate",
        label="Hit rate",
        value=said(hits / (hits + misses), Unit.RATIO) if hits + misses else "-",
        note=HOUR_WORDS,
        spark=sparks.line(shares, most=1),
        spark_words=f"Share of reads that found their key {HOUR_WORDS}",
    )


def _errors(day: Sequence[Requests]) -> Cell:
    calls, errors = sum(each.calls for each in day), sum(each.errors for each in day)
    share = min(1.0, errors / calls) if calls else 0.0
    level = "ok" if share < ERROR_AMBER else "warning" if share < ERROR_RED else "danger"
    return Cell(
        key="errors",
        label="API errors",
        value=said(share, Unit.RATIO) if calls else "-",
        note="in 24 hours",
        level=level,
        spark=sparks.bars([each.errors for each in day]),
        spark_kind="",
        spark_words=f"{units.counted(errors, 'error')} of the command API in 24 hours",
    )
