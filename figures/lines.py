"""A few numbers of many servers over a short while, read straight from the packed columns.

Pages that show hundreds of servers at once need no whole points: what isn't asked for stays packed.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from uuid import UUID

from figures import packing, reading
from figures.levels import RAW
from figures.points import MEANS
from figures.recent import FRESH_SECONDS
from figures.windows import Window

Slots = list[int | None]


@dataclass(slots=True)
class Lines:
    """One server's numbers: a value or a sum for each of the window's times, by name."""

    slots: dict[str, Slots]
    totals: dict[str, int] = field(default_factory=dict)
    """Each counter's sum over the window."""
    sampled_at: int = 0
    newest: dict[str, int] = field(default_factory=dict)
    """The last sample; empty where it is too old to say anything about now."""

    def of(self, name: str) -> Slots:
        return self.slots[name]

    def rate(self, name: str) -> list[float | None]:
        """Give a counter for each second."""
        return [
            count * 1000 / milliseconds if count is not None and milliseconds else None
            for count, milliseconds in zip(self.of(name), self.of("ms"), strict=True)
        ]


def of_several(
    instance_ids: Iterable[UUID], names: Collection[str], window: Window, *, now: float
) -> Mapping[UUID, Lines]:
    """Read these numbers, ``ms`` among them, of many servers in one query."""
    wanted, length = frozenset({*names, "ms"}), len(window.times)
    found: dict[UUID, Lines] = {}
    rows = reading.chunks(instance_ids, window)
    for instance_id, step, start, packed in rows.values_list(
        "instance_id", "step", "start", "points"
    ):
        if instance_id not in found:
            found[instance_id] = Lines({name: [None] * length for name in wanted})
        _take_in(found[instance_id], packing.columns(bytes(packed), wanted), step, start, window)
    for lines in found.values():
        lines.totals = {
            name: sum(filter(None, slots))
            for name, slots in lines.slots.items()
            if name not in MEANS
        }
        if lines.sampled_at < now - FRESH_SECONDS:
            lines.newest = {}
    return found


def _take_in(
    lines: Lines, columns: Mapping[str, Sequence[int]], step: int, start: int, window: Window
) -> None:
    places = columns[packing.PLACE]
    # Places ascend, so those within the window stand together.
    first = bisect_left(places, (window.since - start) / step)
    end = bisect_left(places, (window.until - start) / step)
    slots = [(start + place * step - window.since) // window.step for place in places[first:end]]
    for name, line in lines.slots.items():
        values = columns[name][first:end] if name in columns else repeat(0, len(slots))
        is_mean = name in MEANS
        for slot, value in zip(slots, values, strict=True):
            before = line[slot]
            line[slot] = value if is_mean or before is None else before + value
    if step == RAW.step and places:
        lines.sampled_at = start + places[-1] * step
        lines.newest = {name: column[-1] for name, column in columns.items()}
