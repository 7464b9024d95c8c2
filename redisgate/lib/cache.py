"""What takes long to add up, kept for a while in the platform's Redis for all workers.

Whoever keeps something gives it a name, says for how long it is good, and how it is written down. A
key says whose it is: nothing of one organization is found under another's. While Redis is away
nothing is kept, and everything is made anew each time.

Of many who miss the same thing at once one makes it; the others wait a moment for it, or take what
was good until just now.
"""

import logging
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar
from uuid import UUID

import orjson
from django.conf import settings
from redis import Redis

from redisgate.lib import platform_redis
from redisgate.lib.platform_redis import Away

T = TypeVar("T")

FORM = 1
"""Raise it when anything is written down differently: an older web may run beside this one."""
PREFIX = f"redisgate:cache:{FORM}:"
STALE_SECONDS = 30.0
"""How long something is still given to those who come while one makes it anew."""
MAKING_SECONDS = 10.0
"""How long a maker is waited for that may have been killed."""
WAIT_SECONDS, PAUSE_SECONDS = 1.0, 0.02
UNREADABLE = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError)
UNLOCK = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end"

log = logging.getLogger("redisgate.cache")

requests: Counter[tuple[str, str]] = Counter()
"""By what was asked for and what came of it: hit, shared, stale, miss, or away."""
_counting = threading.Lock()


@dataclass(frozen=True, slots=True)
class Found:
    """Something that was kept: written down, and whether it is still good."""

    data: Any
    is_good: bool


def key_of(organization_id: UUID | None, name: str, *parts: object) -> str:
    """Name something: ``org:{id}:{name}:…``, or ``platform:{name}:…`` for what is nobody's."""
    whose = "platform" if organization_id is None else f"org:{organization_id}"
    return PREFIX + ":".join((whose, name, *map(str, parts)))


def get(key: str) -> Found | None:
    """Look for what was kept. Raises Away."""
    text = _ask(lambda client: client.get(key))
    if text is None:
        return None
    good_until, data = orjson.loads(text)
    return Found(data, time.time() < good_until)


def put(key: str, data: Any, *, seconds: float | None = None) -> None:
    """Keep it, for REDIS_TTL where nothing else is said. Raises Away."""
    good_for = settings.REDIS_TTL if seconds is None else seconds
    text = orjson.dumps([time.time() + good_for, data])
    milliseconds = int((good_for + STALE_SECONDS) * 1000)
    _ask(lambda client: client.set(key, text, px=milliseconds))


def delete(key: str) -> None:
    """Keep it no longer. Raises Away."""
    _ask(lambda client: client.delete(key))


class Kept(Generic[T]):
    """One kind of thing: ``write`` gives what JSON can hold of it, and ``read`` undoes that."""

    def __init__(
        self,
        name: str,
        *,
        write: Callable[[T], Any],
        read: Callable[[Any], T],
        seconds: float | None = None,
    ) -> None:
        self.name = name
        self._write, self._read = write, read
        self._seconds = seconds

    def of(self, organization_id: UUID | None, *parts: object, make: Callable[[], T]) -> T:
        """Give what is kept, or make it.

        What it depends on belongs into ``parts``, so that what somebody has changed is another
        thing: a number that each change moves on, rather than a call that might get lost.
        """
        if not settings.CACHE_REDIS:
            return make()
        key = key_of(organization_id, self.name, *parts)
        try:
            outcome, data = self._find(key)
        except Away:
            outcome, data = "away", None
        self._count(outcome)
        if outcome == "away":
            return make()
        return self._made(key, data, make) if outcome == "miss" else data

    def forget(self, organization_id: UUID | None, *parts: object) -> None:
        """Keep it no longer; while Redis is away it ends by itself."""
        try:
            delete(key_of(organization_id, self.name, *parts))
        except Away:
            log.info("%s is kept until its time is over", self.name)

    def _find(self, key: str) -> tuple[str, Any]:
        """Say how it was found and give it; on a miss give what its maker proves itself by."""
        found = self._get(key)
        if found is not None and found.is_good:
            return "hit", found.data
        ours = _begin_making(key)
        if ours:
            return self._made_meanwhile(key, ours) or ("miss", ours)
        if found is not None:
            return "stale", found.data
        waited = self._wait_for(key)
        return ("miss", "") if waited is None else ("shared", waited.data)

    def _made_meanwhile(self, key: str, ours: str) -> tuple[str, Any] | None:
        """Look again: another maker may have ended between our two questions."""
        found = self._get(key)
        if found is None or not found.is_good:
            return None
        _end_making(key, ours)
        return "hit", found.data

    def _get(self, key: str) -> Found | None:
        """Give it as it was before it was written down; what can't be read is as good as none."""
        found = get(key)
        try:
            return found and replace(found, data=self._read(found.data))
        except UNREADABLE:
            log.warning("what is kept of %s can't be read, and is made anew", self.name)
            return None

    def _wait_for(self, key: str) -> Found | None:
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            time.sleep(PAUSE_SECONDS)
            found = self._get(key)
            if found is not None:
                return found
        return None

    def _made(self, key: str, ours: str, make: Callable[[], T]) -> T:
        try:
            made = make()
            if ours:
                self._keep(key, made)
        finally:
            if ours:
                _end_making(key, ours)
        return made

    def _keep(self, key: str, made: T) -> None:
        try:
            put(key, self._write(made), seconds=self._seconds)
        except Away:
            log.debug("%s isn't kept: Redis is away", self.name)

    def _count(self, outcome: str) -> None:
        with _counting:
            requests[self.name, outcome] += 1


def _begin_making(key: str) -> str:
    """Say that we make it; empty where somebody else does."""
    ours = secrets.token_hex(8)
    lock, milliseconds = f"{key}:making", int(MAKING_SECONDS * 1000)
    is_first = _ask(lambda client: client.set(lock, ours, nx=True, px=milliseconds))
    return ours if is_first else ""


def _end_making(key: str, ours: str) -> None:
    try:
        _ask(lambda client: client.eval(UNLOCK, 1, f"{key}:making", ours))
    except Away:
        log.debug("the lock of a maker ends by itself")


def _ask(ask: Callable[["Redis"], Any]) -> Any:
    return platform_redis.blocking().run("cache", ask)
