"""Which commands ran in a window, and how long they took."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from figures import reading
from figures.points import CALLS_OF, MICROSECONDS_OF, Point
from figures.windows import Window


@dataclass(frozen=True, slots=True)
class Command:
    """One command over a stretch of time. ``share`` is its part of all commands' time."""

    name: str
    calls: int
    calls_per_second: float
    microseconds_per_call: float
    share: float

    @property
    def time_of_one(self) -> str:
        microseconds = self.microseconds_per_call
        return f"{microseconds:.1f} µs" if microseconds < 1000 else f"{microseconds / 1000:,.1f} ms"

    @property
    def percent(self) -> float:
        return self.share * 100


def top(instance_id: UUID, window: Window) -> list[Command]:
    """Rank the commands of people by the server's time that they took."""
    return ranked(reading.points(instance_id, window))


def ranked(points: Sequence[Point | None]) -> list[Command]:
    sums: Counter[str] = Counter()
    for point in points:
        sums.update(point or {})
    seconds = sums["ms"] / 1000
    names = [name.removeprefix(CALLS_OF) for name in sums if name.startswith(CALLS_OF)]
    whole = sum(sums[MICROSECONDS_OF + name] for name in names)
    commands = [
        Command(
            name=name.replace("|", " ").upper(),
            calls=calls,
            calls_per_second=round(calls / seconds, 3),
            microseconds_per_call=round(sums[MICROSECONDS_OF + name] / calls, 2),
            share=round(sums[MICROSECONDS_OF + name] / whole, 4) if whole else 0.0,
        )
        for name in names
        if (calls := sums[CALLS_OF + name])
    ]
    return sorted(commands, key=lambda it: (-it.share, -it.calls, it.name))
