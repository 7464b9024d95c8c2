"""The arithmetic of a rate limit that several workers share. Pure; every clock is passed in.

A bucket fills with ``limit`` tokens a second and holds one second's worth. A command costs one.
A request is admitted when there is a token for its first command; the rest may be owed, because
clients put up to a thousand commands into one request, which a small bucket could never hold.
What is owed fills up first, so the rate in the long run is exact.
"""

from dataclasses import dataclass
from math import inf

from gateway.allowance import Allowance, allowances
from gateway.errors import RateLimited

ASK_SECONDS_MAX = 0.5
"""A bucket in use is compared with the shared one at least that often ..."""
HOT_PART = 1 / 8
"""... and at the next tick once it has spent this part of what it may."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a worker spent of a key's bucket, and how long ago it began to."""

    name: str
    limit: int
    spent: int
    age_seconds: float


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
        "_capacity",
        "_made",
        "_per_token",
        "asked_at",
        "at",
        "is_shared",
        "is_used",
        "level",
        "limit",
        "name",
        "rate",
        "spent",
        "used_at",
    )

    def __init__(self, name: str, limit: int, now: float) -> None:
        self.name = name
        self.limit = limit
        self._allowances = allowances(limit)
        self._made = self._allowances.made
        self._per_token = self._allowances.per_token
        self._capacity = self.rate = self.level = float(limit)
        self.at = now
        self.spent = 0
        self.is_shared = False
        self.is_used = False
        self.used_at = now
        """When the first request came that no report has told of."""
        self.asked_at = -inf

    @property
    def is_guess(self) -> bool:
        """Tell whether the shared bucket was never asked."""
        return self.asked_at == -inf

    def take_known(self, commands: int) -> Allowance | None:
        """Spend what was there at the last look at a clock; None when that isn't enough.

        Every command comes through here, hence no clock and few calls.
        """
        level = self.level - commands
        if level < 0.0:
            return None
        self.level = level
        self.spent += commands
        return self._made[int(level * self._per_token)] or self._allowances.at(level)

    def take(self, commands: int, now: float) -> Allowance:
        """Spend tokens, or raise RateLimited and spend nothing."""
        self.fill(now)
        if self.level < 1:
            raise RateLimited(self.limit, (1 - self.level) / self.rate)
        self.level -= commands
        self.spent += commands
        return self._allowances.at(self.level)

    def fill(self, now: float) -> None:
        """Add what has come since the last time."""
        self.level = self._level_at(now)
        self.at = now

    def look(self, now: float) -> Allowance:
        """Tell what is left, and spend nothing."""
        return self._allowances.at(self._level_at(now))

    def is_idle(self, now: float) -> bool:
        """Tell whether forgetting this bucket would change nothing."""
        return not self.is_used and self._level_at(now) >= self._capacity

    def is_due(self, now: float) -> bool:
        """Tell whether the shared bucket should be asked now; it is cheaper to ask late."""
        if now - self.asked_at >= ASK_SECONDS_MAX:
            return True
        return self.is_shared and self.level - self.spent / HOT_PART < 1

    def report(self, now: float) -> Report:
        """Say what was spent since the last report; what was spent alone is nobody's debt."""
        spent = self.spent if self.is_shared or self.is_guess else 0
        report = Report(self.name, self.limit, spent, max(0.0, now - self.used_at))
        self.spent = 0
        self.asked_at = now
        return report

    def correct(self, standing: Standing, now: float) -> None:
        """Go on from what the shared bucket said, less what was spent while it answered."""
        self.level = share(standing, self.limit) - self.spent
        self.rate = self.limit / standing.workers
        self.at = now
        self.is_shared = True

    def stand_alone(self) -> None:
        """Go on without the shared bucket: the whole limit is this worker's."""
        self.rate = self._capacity
        self.is_shared = False

    def _level_at(self, now: float) -> float:
        return min(self._capacity, self.level + (now - self.at) * self.rate)


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
