"""What takes long to read, kept for a moment for everybody who asks this process."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

K = TypeVar("K")
T = TypeVar("T")


class Remembered(Generic[K, T]):
    """So many things by their keys, each good for some seconds; the oldest make room."""

    def __init__(self, seconds: float, *, most: int = 1) -> None:
        self._seconds = seconds
        self._most = most
        self._kept: dict[K, tuple[float, T]] = {}

    def of(self, key: K, read: Callable[[], T]) -> T:
        """Give what is remembered, or read it."""
        known = self._kept.get(key)
        if known is not None and time.monotonic() - known[0] < self._seconds:
            return known[1]
        found = read()
        self._kept.pop(key, None)
        self._kept[key] = time.monotonic(), found
        for oldest in list(self._kept)[: -self._most]:
            self._kept.pop(oldest, None)
        return found

    def last(self, key: K, *, seconds: float) -> T | None:
        """Give what was read within so many seconds, good or not any more."""
        known = self._kept.get(key)
        return known[1] if known and time.monotonic() - known[0] < seconds else None

    def forget(self) -> None:
        """Read everything anew at the next time: the rows are others than they were."""
        self._kept.clear()
