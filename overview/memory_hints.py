"""Hints about memory: full soon, nearly full, giving way to new keys. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from figures.levels import DAY, HOUR, MINUTE
from instances.presets import Purpose
from instances.spec import EvictionPolicy
from overview import hour, needs, trend
from overview.hints import Hint, Severity
from overview.servers import Server
from redisgate.lib.units import counted

SOON_SECONDS = DAY
"""What fills up within this time is a warning, and later a note."""
FULL_PERCENT = 97


@dataclass(frozen=True, slots=True)
class LongLine:
    """The bytes that one server used over a longer time, a value each ``step`` seconds."""

    used: Sequence[int | None]
    step: int


def of(server: Server, url: str, long: LongLine | None = None) -> list[Hint]:
    """Say the most urgent of what there is to say of one server's memory."""
    if not server.is_running or not server.percent:
        return []
    if needs.is_nearly_full(server):
        return [_nearly_full(server, url)]
    if server.sum("evicted"):
        return [_evicting(server, url)]
    left = seconds_left(server, long)
    return [] if left is None else [_full_soon(server, left, url)]


def seconds_left(server: Server, long: LongLine | None) -> float | None:
    """Look at the last hour first, and at the day where that is no steady growth."""
    if server.figures is None:
        return None
    used = server.figures.of("used")
    left = trend.seconds_until_full(used, hour.RANGE.step, server.limit)
    if left is None and long is not None:
        left = trend.seconds_until_full(long.used, long.step, server.limit)
    return left


def worth_a_longer_look(servers: Sequence[Server]) -> list[UUID]:
    """Name those that are full by a quarter; the others have time, and reading a day is dear."""
    return [each.line.id for each in servers if each.is_running and (each.percent or 0) >= 25]


def in_words(seconds: float) -> str:
    """Say ``40 minutes``, ``3 hours``, ``5 days``: no finer than anybody can foretell."""
    if seconds < 1.5 * HOUR:
        return counted(max(1, round(seconds / MINUTE)), "minute")
    if seconds < 1.5 * DAY:
        return counted(round(seconds / HOUR), "hour")
    return counted(round(seconds / DAY), "day")


_AT_THE_LIMIT: Mapping[str, str] = {
    EvictionPolicy.NOEVICTION: "Then it refuses writes.",
    EvictionPolicy.ALLKEYS_RANDOM: "Then it evicts keys at random.",
    EvictionPolicy.ALLKEYS_LRU: "Then it evicts the keys that were not used for longest.",
    EvictionPolicy.ALLKEYS_LFU: "Then it evicts the keys that are used least.",
}
_VOLATILE = "Then it evicts keys that have an expiry, and refuses writes when none is left."


def _full_soon(server: Server, left: float, url: str) -> Hint:
    refuses = server.line.eviction_policy == EvictionPolicy.NOEVICTION
    is_urgent = left <= SOON_SECONDS
    severity = Severity.WARNING if is_urgent else Severity.INFO
    if refuses and left <= HOUR:
        severity = Severity.ERROR
    return Hint(
        kind="full_soon",
        about=str(server.line.id),
        severity=severity,
        title=f"{server.line.name}: memory will be full in {in_words(left)} at this rate",
        text=_AT_THE_LIMIT.get(server.line.eviction_policy, _VOLATILE),
        action="Resize",
        url=url,
    )


def _nearly_full(server: Server, url: str) -> Hint:
    is_full = (server.percent or 0) >= FULL_PERCENT
    return Hint(
        kind="nearly_full",
        about=str(server.line.id),
        severity=Severity.ERROR if is_full else Severity.WARNING,
        title=f"{server.line.name}: {server.percent} % of its memory is used",
        text="It never evicts keys, so it refuses writes when it is full.",
        action="Resize",
        url=url,
    )


def _evicting(server: Server, url: str) -> Hint:
    is_cache = server.line.purpose == Purpose.CACHE
    count = counted(server.sum("evicted"), "key")
    text = (
        "That is how a cache stays within its memory. More memory keeps more keys."
        if is_cache
        else "Data that programs have stored goes, because its memory is full."
    )
    return Hint(
        kind="evicting",
        about=str(server.line.id),
        severity=Severity.INFO if is_cache else Severity.WARNING,
        title=f"{server.line.name} evicted {count} in the last hour",
        text=text,
        action="Resize",
        url=url,
    )
