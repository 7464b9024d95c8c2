"""How often a job is tried, and how long it pauses in between. Pure."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from redisgate.lib import database_refusal

PASSING: tuple[type[Exception], ...] = (OSError, *database_refusal.AWAY_OR_REFUSED)
"""Troubles that end without anybody changing the program: networks, disks, the database."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retries:
    """``attempts`` counts the first one; each pause is twice as long as the one before.

    An exception that is none of ``on`` fails the job for good: it would come again.
    """

    attempts: int = 8
    first_pause: timedelta = timedelta(seconds=2)
    longest_pause: timedelta = timedelta(minutes=10)
    jitter: float = 0.1
    """By this share a pause is longer or shorter, so that what failed together comes apart."""
    on: tuple[type[Exception], ...] = PASSING

    def may_follow(self, error: Exception, attempt: int) -> bool:
        """Say whether another attempt makes sense after this one, the first being 1."""
        return attempt < self.attempts and isinstance(error, self.on)

    def pause_after(
        self, attempt: int, chance: Callable[[float, float], float] = random.uniform
    ) -> timedelta:
        # Beyond 2^30 times the first, every pause is the longest.
        doubled = self.first_pause * (1 << min(attempt - 1, 30))
        return min(doubled, self.longest_pause) * (1 + chance(-self.jitter, self.jitter))
