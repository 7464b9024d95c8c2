"""What takes long to add up, kept for a moment for every operator who asks this process."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """One thing about the whole platform, good for a while after it was read."""

    def __init__(self, good_for: timedelta) -> None:
        self._good_for = good_for
        self._kept: tuple[datetime, T] | None = None

    def of(self, now: datetime, read: Callable[[datetime], T]) -> T:
        """Give what is remembered, or read it."""
        if self._kept is None or not self._kept[0] <= now < self._kept[0] + self._good_for:
            self._kept = now, read(now)
        return self._kept[1]

    def forget(self) -> None:
        """Read it anew at the next time: the rows are others than they were."""
        self._kept = None
