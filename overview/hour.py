"""The last hour of an organization's servers: each for itself, and all together.

Hundreds of servers take a tenth of a second to read, and are sampled every ten seconds. So what was
read of many serves everybody who asks within the next few seconds: whichever process, and while
there is no cache, this one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone

from figures import lines
from figures.levels import HOUR, MINUTE
from figures.lines import Lines
from figures.windows import Range, up_to
from overview.remembering import KEPT, kept_of_many
from redisgate.lib.cache import Kept
from redisgate.lib.remembering import Remembered

RANGE = Range("hour", "1 hour", HOUR, MINUTE, MINUTE)
NAMES = ("used", "limit", "commands", "hits", "misses", "evicted")
FRESH_SECONDS = 9.0
"""A bit less than a page waits before it asks again."""
KEPT_SECONDS = 19.0
"""Every second time, where figures are of many."""

Sum = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Hour:
    """A line for each server that has figures, and the sums of all of them by the minute."""

    lines: Mapping[UUID, Lines] = field(default_factory=dict)
    used: Sum = ()
    rates: Sum = ()
    hits: Sum = ()
    misses: Sum = ()


def _written(hour: Hour) -> dict[str, Any]:
    lines = [(str(each), line) for each, line in hour.lines.items()]
    sums = {"used": hour.used, "rates": hour.rates, "hits": hour.hits, "misses": hour.misses}
    return {"lines": lines, **sums}


def _read_back(data: Any) -> Hour:
    lines = {UUID(each): Lines(**line) for each, line in data.pop("lines")}
    return Hour(lines, **data)


_remembered = Remembered[UUID, Hour](FRESH_SECONDS, most=KEPT)
_kept = Kept[Hour]("overview_hour", write=_written, read=_read_back, seconds=KEPT_SECONDS)


def of(organization_id: UUID, instance_ids: Sequence[UUID]) -> Hour:
    """Read the last hour in one query, unless it was read for many just now."""
    if not instance_ids:
        return Hour()
    return kept_of_many(
        _kept, _remembered, organization_id, instance_ids, lambda: _read(instance_ids)
    )


def _read(instance_ids: Sequence[UUID]) -> Hour:
    now = timezone.now().timestamp()
    found = lines.of_several(instance_ids, NAMES, up_to(now, RANGE), now=now)
    return Hour(
        found,
        used=_summed(found, lambda each: each.of("used")),
        rates=_summed(found, lambda each: each.rate("commands")),
        hits=_summed(found, lambda each: each.of("hits")),
        misses=_summed(found, lambda each: each.of("misses")),
    )


def _summed(found: Mapping[UUID, Lines], line_of: Callable[[Lines], Sum]) -> list[float | None]:
    """Add up by the minute; one of which no server tells anything stays empty."""
    return [
        sum(known) if (known := [value for value in minute if value is not None]) else None
        for minute in zip(*map(line_of, found.values()), strict=True)
    ]
