"""How often one person may have us connect to addresses that they type.

Without a bound the platform would be a scanner of other people's ports. Each process counts by
itself, so the whole is this many times the number of web processes.
"""

from collections import OrderedDict, deque
from http import HTTPStatus
from threading import Lock
from time import monotonic
from uuid import UUID

from audit.actors import Actor
from redisgate.lib.errors import RedisGateError

DIALS_MAX = 20
WINDOW_SECONDS = 60.0
PEOPLE_MAX = 10_000


class TooManyDials(RedisGateError):
    """Somebody tries one address after the other."""

    code = "too_many_attempts"
    status = HTTPStatus.TOO_MANY_REQUESTS
    title = "Too many attempts"


_dials: OrderedDict[UUID, deque[float]] = OrderedDict()
_lock = Lock()


def forget() -> None:
    """Begin to count anew."""
    with _lock:
        _dials.clear()


def take(actor: Actor) -> None:
    """Count one connection for this person. Raises TooManyDials above the bound."""
    if actor.user_id is None:
        return  # the platform's own work
    who, now = actor.user_id, monotonic()
    with _lock:
        times = _dials.setdefault(who, deque())
        _dials.move_to_end(who)
        if len(_dials) > PEOPLE_MAX:
            _dials.popitem(last=False)
        while times and times[0] <= now - WINDOW_SECONDS:
            times.popleft()
        if len(times) >= DIALS_MAX:
            wait = times[0] + WINDOW_SECONDS - now
            raise TooManyDials(
                f"You have tried {DIALS_MAX} addresses within a minute. Wait {wait:.0f} s, then "
                "try again.",
                retry_after_seconds=wait,
            )
        times.append(now)
