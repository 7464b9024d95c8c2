"""How much of everything one console may use."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from redisgate.lib.errors import Conflict

CONSOLES = 5
COMMANDS_A_SECOND = 50.0
BURST = 50
IDLE_SECONDS = 30 * 60.0

_open: Counter[tuple[UUID, UUID]] = Counter()


@contextmanager
def counted(user_id: UUID, instance_id: UUID) -> Iterator[None]:
    """Count one console of a person for an instance. Raises Conflict when there are enough."""
    whose = (user_id, instance_id)
    if _open[whose] >= CONSOLES:
        raise Conflict(f"You have {CONSOLES} consoles of this instance open. Close one of them.")
    _open[whose] += 1
    try:
        yield
    finally:
        _open[whose] -= 1
        if not _open[whose]:
            del _open[whose]


class Pace:
    """Lets a burst through and then so many a second; what is too soon waits."""

    def __init__(self) -> None:
        self._due_at = 0.0

    async def keep(self) -> None:
        now = time.monotonic()
        self._due_at = max(self._due_at, now - BURST / COMMANDS_A_SECOND) + 1 / COMMANDS_A_SECOND
        if self._due_at > now:
            await asyncio.sleep(self._due_at - now)
