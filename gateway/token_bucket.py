"""The arithmetic of a rate limit that several workers share. Pure; every clock is passed in.

A bucket fills with ``limit`` tokens a second and holds one second's worth. A command costs one.
A request is admitted when there is a token for its first command; the rest may be owed, because
clients put up to a thousand commands into one request, which a small bucket could never hold.
What is owed fills up first, so the rate in the long run is exact.
"""

from dataclasses import dataclass

from gateway.allowance import Allowance, allowances
from gateway.errors import RateLimited

CALM_PART = 7 / 8
"""As long as a worker has this part of what it had, others needn't hear of it soon."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a worker spent of a key's bucket, and how long ago it began to.

    ``tokens_max`` is what the bucket can't exceed as far as this worker knows.
    """

    name: str
    limit: int
    spent: int
    age_seconds: float
    tokens_max: float


@dataclass(frozen=True, slots=True)
class Standing:
    """The shared bucket of a key, and how many workers use it now."""

    tokens: float
    workers: int


class Bucket:
    """One worker's view of a key's bucket.

    It starts full, as the shared one of an idle key is, so a first request neither waits nor is
    refused; if that was wrong, the shared bucket is in debt and all pay it back.
    """

    __slots__ = (
        "_allowances",
        "_at",
        "_capacity",
        "_floor",
        "_level",
        "_made",
        "_per_token",
        "_rate",
        "_spent",
        "is_guess",
        "is_shared",
        "is_urgent",
        "is_used",
        "limit",
        "name",
        "used_at",
    )

    def __init__(self, name: str, limit: int, now: float) -> None:
        self.name = name
        self.limit = limit
        self._allowances = allowances(limit)
        self._made = self._allowances.made
        self._per_token = self._allowances.per_token
        self._capacity = self._rate = self._level = float(limit)
        self._at = self.used_at = now
        self._spent = 0
        self._floor = 0.0
        self.is_guess = True
        """The shared bucket was never asked."""
        self.is_shared = False
        """What we know of the shared bucket is fresh."""
        self.is_used = False
        """Somebody asked since the last report; the first of them at ``used_at``."""
        self.is_urgent = False
        """The next report should not wait."""

    def note(self, now: float) -> None:
        """Begin to be used, refusals included."""
        self._fill(now)
        self.is_used = True
        self.used_at = now
        self._floor = max(0.0, self._level * CALM_PART) if self.is_shared else 0.0

    def take_known(self, commands: int) -> Allowance | None:
        """Spend of what was there at the last look at a clock; None when much of it is gone.

        Every command comes through here, hence no clock and few calls.
        """
        level = self._level - commands
        if level < self._floor:
            return None
        self._level = level
        self._spent += commands
        return self._made[int(level * self._per_token)] or self._allowances.at(level)

    def take(self, commands: int, now: float) -> Allowance:
        """Spend tokens, or raise RateLimited and spend nothing."""
        self._floor = 0.0
        self._fill(now)
        if self._level < 1:
            raise RateLimited(self.limit, (1 - self._level) / self._rate)
        self._level -= commands
        self._spent += commands
        return self._allowances.at(self._level)

    def look(self, now: float) -> Allowance:
        """Tell what is left, and spend nothing."""
        return self._allowances.at(self._level_at(now))

    def is_idle(self, now: float) -> bool:
        """Tell whether forgetting this bucket would change nothing."""
        return not self.is_used and self._level_at(now) >= self._capacity

    def report(self, now: float) -> Report:
        """Say what was spent since the last report."""
        age_seconds = max(0.0, now - self.used_at)
        if self.is_shared or self.is_guess:
            report = Report(self.name, self.limit, self._spent, age_seconds, self._capacity)
        else:
            # Alone, all spent what each alone could see: their sum is nobody's debt. But a store
            # that has forgotten everything must not fill the buckets anew.
            report = Report(self.name, self.limit, 0, age_seconds, self._level_at(now))
        self._spent = 0
        self.is_used = self.is_urgent = self.is_guess = False
        return report

    def correct(self, standing: Standing, now: float) -> None:
        """Go on from what the shared bucket said, less what was spent while it answered."""
        self._level = share(standing, self.limit) - self._spent
        self._rate = self.limit / standing.workers
        self._at = now
        self.is_shared = True

    def stand_alone(self) -> None:
        """Go on without the shared bucket: the whole limit is this worker's."""
        self._rate = self._capacity
        self.is_shared = False

    def _fill(self, now: float) -> None:
        """Add what has come since the last time."""
        self._level = self._level_at(now)
        self._at = now

    def _level_at(self, now: float) -> float:
        return min(self._capacity, self._level + (now - self._at) * self._rate)


def share(standing: Standing, limit: int) -> float:
    """Say how much of the shared bucket one worker may spend until it asks again.

    A scarce bucket is divided, so that all together spend about what is in it. The fuller it is
    the more each may take of it alone: idle keys see bursts, and one worker may get all of it.
    The first token isn't divided, for no one could spend a part of it.
    """
    others = 1 - 1 / standing.workers
    beyond_first = standing.tokens - 1
    plenty = max(0.0, 2 * beyond_first - (limit - 1))
    return 1 + beyond_first / standing.workers + plenty * others
