"""What was read of many servers, kept for a moment for everybody who asks this process."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar
from uuid import UUID

MANY = 50
"""Of fewer servers it is read anew each time: that takes a few milliseconds."""
KEPT = 8
"""So many organizations are remembered; the oldest make room."""

T = TypeVar("T")


class Remembered(Generic[T]):
    """One thing for each organization, good for some seconds."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._kept: dict[UUID, tuple[float, T]] = {}

    def of(self, organization_id: UUID, servers: int, read: Callable[[], T]) -> T:
        """Give what is remembered, or read it; ``servers`` says how many that concerns."""
        known = self._kept.get(organization_id)
        if known is not None and time.monotonic() - known[0] < self._seconds:
            return known[1]
        found = read()
        if servers >= MANY:
            self._kept.pop(organization_id, None)
            self._kept[organization_id] = time.monotonic(), found
            for oldest in list(self._kept)[:-KEPT]:
                self._kept.pop(oldest, None)
        return found
