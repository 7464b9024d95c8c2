"""What a key may still do, as the headers that say so. Pure.

``RateLimit`` and ``RateLimit-Policy`` are those of draft-ietf-httpapi-ratelimit-headers,
``X-RateLimit-*`` what older clients read.
"""

from functools import lru_cache
from math import ceil

# Above a thousand commands a second the rest is told in steps, so that answers can be shared.
STEPS = 1000


class Allowance:
    """The state of one limit, ready for an answer. Shared between answers, so never changed."""

    __slots__ = ("limit", "lines", "remaining", "reset_seconds")

    def __init__(self, limit: int, remaining: int, reset_seconds: int) -> None:
        self.limit = limit
        self.remaining = remaining
        self.reset_seconds = reset_seconds
        self.lines = "".join(
            f"{n.lower()}: {value}\r\n" for n, value in self.headers.items()
        ).encode()
        """The headers as bytes, each with its line end."""

    @property
    def headers(self) -> dict[str, str]:
        return {
            "RateLimit-Policy": f'"default";q={self.limit};w=1',
            "RateLimit": f'"default";r={self.remaining};t={self.reset_seconds}',
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset_seconds),
        }


class Allowances:
    """The allowances of one limit, each made once and found by ``int(tokens * per_token)``."""

    __slots__ = ("_step", "limit", "made", "per_token")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._step = -(-limit // STEPS)
        self.per_token = 1 / self._step
        self.made: list[Allowance | None] = [None] * (limit // self._step + 1)

    def at(self, tokens: float) -> Allowance:
        """Give the allowance of a bucket that holds this much; below zero it is in debt."""
        if tokens < 0:
            return Allowance(self.limit, 0, ceil((self.limit - tokens) / self.limit))
        place = int(tokens * self.per_token)
        made = self.made[place]
        if made is None:
            remaining = place * self._step
            made = self.made[place] = Allowance(self.limit, remaining, int(remaining < self.limit))
        return made


@lru_cache(maxsize=256)
def allowances(limit: int) -> Allowances:
    return Allowances(limit)
