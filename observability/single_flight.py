"""One question at a time, and one answer for everybody who asks within a moment."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """Ask once for all who want to know. Each loop asks for itself."""

    def __init__(self, ask: Callable[[], Awaitable[T]], *, fresh_seconds: float) -> None:
        self._ask = ask
        self._fresh_seconds = fresh_seconds
        self._kept: tuple[float, T] | None = None
        self._flight: asyncio.Task[T] | None = None

    async def get(self) -> T:
        """Give what is known, or wait for whoever is asking already."""
        if self._kept is not None and time.monotonic() - self._kept[0] <= self._fresh_seconds:
            return self._kept[1]
        flight = self._flight
        if flight is None or flight.done() or flight.get_loop() is not asyncio.get_running_loop():
            flight = self._flight = asyncio.create_task(self._fly())
        # Whoever asked first may hang up; the others wait for the same answer.
        return await asyncio.shield(flight)

    def forget(self) -> None:
        """Ask anew at the next time."""
        self._kept = self._flight = None

    async def _fly(self) -> T:
        answer = await self._ask()
        self._kept = time.monotonic(), answer
        return answer
