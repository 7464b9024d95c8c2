"""A few numbers of many servers over a short while, read straight from the packed columns.

Pages that show hundreds of servers at once need no whole points: what isn't asked for stays packed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
    sampled_at: int = 0
    newest: dict[str, int] = field(default_factory=dict)
    """The last sample; empty where it is too old to say anything about now."""

    def of(self, name: str) -> Slots:
        return self.slots[name]

    def rate(self, name: str) -> list[float | None]:
        """Give a counter for each second."""
        return [
            None if count is None or not milliseconds else count * 1000 / milliseconds
            for count, milliseconds in zip(self.of(name), self.of("ms"), strict=True)
        ]

    @property
    def seen(self) -> int:
        """Say in how many of the window's steps there was a sample."""
        return sum(1 for each in self.of("ms") if each is not None)


def of_several(
    instance_ids: Iterable[UUID], names: Collection[str], window: Window, *, now: float
) -> Mapping[UUID, Lines]:
    """Read these numbers, ``ms`` among them, of many servers in one query."""
    wanted = frozenset({*names, "ms"})
    found: dict[UUID, Lines] = {}
    for chunk in reading.chunks(instance_ids, window).values_list(
        "instance_id", "step", "start", "points"
    ):
        instance_id, step, start, packed = chunk
        if instance_id not in found:
            found[instance_id] = Lines({name: [None] * len(window.times) for name in wanted})
        _take_in(found[instance_id], packing.columns(bytes(packed), wanted), step, start, window)
    for lines in found.values():
        if lines.sampled_at < now - FRESH_SECONDS:
            lines.newest = {}
    return found


def _take_in(
    lines: Lines, columns: Mapping[str, Sequence[int]], step: int, start: int, window: Window
) -> None:
    places = columns[packing.PLACE]
    at = [start + place * step for place in places]
    slots = [(moment - window.since) // window.step for moment in at]
    inside = [n for n, slot in enumerate(slots) if 0 <= slot < len(window.times)]
    for name, line in lines.slots.items():
        values = columns.get(name) or [0] * len(places)
        is_mean = name in MEANS
        for n in inside:
            before = line[slots[n]]
            line[slots[n]] = values[n] if is_mean or before is None else before + values[n]
    if step == RAW.step and at and at[-1] > lines.sampled_at:
        lines.sampled_at = at[-1]
        lines.newest = {name: column[-1] for name, column in columns.items()}
