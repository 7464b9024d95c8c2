"""How often something went well, and how long it took. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import ceil


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many went well."""

    good: int
    all: int

    @property
    def ratio(self) -> float | None:
        """Give a number from 0 to 1, or None where nothing was tried."""
        return self.good / self.all if self.all else None


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds, the shortest first."""

    seconds: Sequence[float]

    @classmethod
    def of(cls, lengths: Iterable[timedelta]) -> "Times":
        return cls(sorted(each.total_seconds() for each in lengths))

    @property
    def count(self) -> int:
        return len(self.seconds)

    def at(self, percent: int) -> float | None:
        """Give what so many percent took at most, or None of nothing."""
        if not self.seconds:
            return None
        return self.seconds[max(0, ceil(len(self.seconds) * percent / 100) - 1)]
