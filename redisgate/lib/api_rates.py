"""How often one caller may use the management API, whichever worker answers.

One number says it all: until when the caller has spent ahead (the generic cell rate
algorithm). It lives in the platform's Redis; while that is away, each worker keeps its own.
"""

import time
from dataclasses import dataclass
from http import HTTPStatus
from math import ceil
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.conf import settings
from redis import Redis
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from redisgate.lib import platform_redis
from redisgate.lib.callers import caller_of
from redisgate.lib.errors import RedisGateError

if TYPE_CHECKING:
    from rest_framework.views import APIView  # which imports this module, by the settings

WINDOW_SECONDS = 60.0
PREFIX = "redisgate:api-rate:"
CALLERS_MAX = 10_000
SCRIPT = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local cost, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local ahead = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now) - now + cost
if ahead <= window then
  redis.call('SET', KEYS[1], string.format('%.6f', now + ahead), 'PX', math.ceil(ahead * 1000))
end
return tostring(ahead)
"""


class TooManyRequests(RedisGateError):
    """The caller has used up what they may in a minute."""

    code = "rate_limited"
    status = HTTPStatus.TOO_MANY_REQUESTS
    title = "Too many requests"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a caller may still do, after this request."""

    limit: int
    ahead_seconds: float

    @property
    def is_over(self) -> bool:
        return self.ahead_seconds > WINDOW_SECONDS

    @property
    def headers(self) -> dict[str, str]:
        """Say it as the IETF's draft does: ``r`` requests are left, all again in ``t`` seconds."""
        spent = self.ahead_seconds - (WINDOW_SECONDS / self.limit if self.is_over else 0)
        left = int((WINDOW_SECONDS - spent) * self.limit / WINDOW_SECONDS + 1e-6)
        return {
            "RateLimit-Policy": f'"management";q={self.limit};w={WINDOW_SECONDS:.0f}',
            "RateLimit": f'"management";r={max(0, left)};t={ceil(spent)}',
        }


class CallerThrottle(BaseThrottle):
    """Count a request of a known caller; whoever logs in is limited elsewhere."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        """Raises TooManyRequests."""
        if not request.user.is_authenticated:
            return True
        limit = settings.API_REQUESTS_PER_MINUTE
        standing = Standing(limit, _spend(caller_of(request), WINDOW_SECONDS / limit))
        request.rate_standing = standing  # type: ignore[attr-defined]
        if standing.is_over:
            raise TooManyRequests(
                f"You have sent more than {limit:,} requests a minute. Wait a moment, then go on.",
                retry_after_seconds=standing.ahead_seconds - WINDOW_SECONDS,
            )
        return True


def headers_of(request: Request) -> dict[str, str]:
    """Give the headers for an answer; none where nothing was counted."""
    standing: Standing | None = getattr(request, "rate_standing", None)
    return standing.headers if standing else {}


def _spend(caller: str, cost: float) -> float:
    """Return for how many seconds the caller is ahead; more than the window was not spent."""
    if settings.RATE_LIMIT_REDIS:
        try:
            return _spend_together(caller, cost)
        except platform_redis.Away:
            pass
    return _alone.spend(caller, cost)


def _spend_together(caller: str, cost: float) -> float:
    def ask(client: Redis) -> Any:
        return client.eval(SCRIPT, 1, PREFIX + caller, cost, WINDOW_SECONDS)

    return float(platform_redis.blocking().run("api_rate_limit", ask))


class Alone:
    """The same, as far as one process knows."""

    def __init__(self) -> None:
        self._spent_until: dict[str, float] = {}
        self._lock = Lock()

    def spend(self, caller: str, cost: float) -> float:
        now = time.monotonic()
        with self._lock:
            if len(self._spent_until) >= CALLERS_MAX:
                self._spent_until = {k: v for k, v in self._spent_until.items() if v > now}
            ahead = max(self._spent_until.get(caller, now), now) - now + cost
            if ahead <= WINDOW_SECONDS:
                self._spent_until[caller] = now + ahead
        return ahead


_alone = Alone()
