"""Months as statements count them, in UTC. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

_SPELLING = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_EARLIEST, _LATEST = 2000, 9000


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month of one year; ``str`` says ``2026-11``."""

    year: int
    number: int

    @classmethod
    def of(cls, moment: datetime) -> "Month":
        at = moment.astimezone(UTC)
        return cls(at.year, at.month)

    @classmethod
    def on(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Read ``2026-11``. Raises ValueError."""
        found = _SPELLING.fullmatch(text)
        if found is None or not _EARLIEST <= int(found[1]) <= _LATEST:
            raise ValueError("Say which month like this: 2026-11.")
        return cls(int(found[1]), int(found[2]))

    @property
    def begins_at(self) -> datetime:
        return datetime(self.year, self.number, 1, tzinfo=UTC)

    @property
    def ends_at(self) -> datetime:
        """Give the moment at which the next one begins."""
        return self.next.begins_at

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def next(self) -> "Month":
        return self.plus(1)

    @property
    def previous(self) -> "Month":
        return self.plus(-1)

    def plus(self, months: int) -> "Month":
        years, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(years, number + 1)

    def until(self, last: "Month") -> Iterator["Month"]:
        """Give the months from this one to the last, both included."""
        month = self
        while month <= last:
            yield month
            month = month.next

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"
