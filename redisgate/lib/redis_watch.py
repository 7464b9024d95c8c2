"""Whether it makes sense to ask the platform's Redis, and what is counted of those who do.

Each client has a watch of its own.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable

import redis
from redis.exceptions import RedisError

from redisgate.lib.breaker import Breaker, State, Terms

TERMS = Terms(failures=3, pause_seconds=1.0, probe_seconds=2.0)
UNREACHED = (redis.exceptions.ConnectionError, redis.exceptions.TimeoutError, OSError)
"""What a server that is away looks like. Any other error is an answer to one command alone."""

log = logging.getLogger("redisgate.platform_redis")

calls: Counter[tuple[str, str]] = Counter()
"""By use and outcome: ``answered``, or ``fallback`` when the caller had to do without."""
events: Counter[str] = Counter()
"""How often a breaker went to each of its states."""
_counting = threading.Lock()


class Watch:
    """Tells, in any thread, whether to ask, and is told of failures and answers.

    While nobody may ask, a thread probes every second, so that no caller has to try. ``probe``
    asks over a fresh connection; there is none where there is no server.
    """

    def __init__(self, probe: Callable[[], object] | None) -> None:
        self.breaker = Breaker(TERMS)
        self._probe = probe
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._refusals: set[tuple[str, str]] = set()

    @property
    def may_ask(self) -> bool:
        return self._probe is not None and self.breaker.is_closed

    def did_without(self, use: str) -> None:
        _count(use, "fallback")

    def failed(self, use: str, error: Exception) -> None:
        _count(use, "fallback")
        if isinstance(error, UNREACHED):
            self._was_unreached(error)
        else:
            self._end_row()
            self._tell_refusal(use, type(error).__name__)

    def _was_unreached(self, error: Exception) -> None:
        with self._lock:
            has_opened = self.breaker.failed(time.monotonic(), at_once=_was_silent(error))
        if has_opened:
            _note(State.OPEN)
            reason = type(error.__cause__ or error).__name__
            log.warning("the platform's Redis doesn't answer (%s): going on without it", reason)
            threading.Thread(target=self._wait_for_answer, name="redis-probe", daemon=True).start()

    def _tell_refusal(self, use: str, reason: str) -> None:
        """Log it once: no memory left, or no permission, is so for each call that follows."""
        if (use, reason) not in self._refusals:
            self._refusals.add((use, reason))
            log.warning("the platform's Redis refuses a call of %s: %s", use, reason)

    def answered(self, use: str) -> None:
        _count(use, "answered")
        self._end_row()

    def _end_row(self) -> None:
        # A call that was under way when others failed says nothing about now.
        if self.breaker.failures and self.breaker.is_closed:
            with self._lock:
                self.breaker.failures = 0

    def close(self) -> None:
        self._closed.set()

    def _wait_for_answer(self) -> None:
        while not self._closed.wait(TERMS.pause_seconds):
            with self._lock:
                may_ask = self.breaker.may_ask(time.monotonic())
            if may_ask and self._is_answered():
                break

    def _is_answered(self) -> bool:
        """Probe, and draw the conclusion."""
        assert self._probe is not None
        _note(State.HALF_OPEN)
        try:
            self._probe()
        except (RedisError, OSError):
            with self._lock:
                self.breaker.failed(time.monotonic())
            _note(State.OPEN)
            return False
        with self._lock:
            self.breaker.succeeded(time.monotonic())
        _note(State.CLOSED)
        log.warning("the platform's Redis answers again")
        return True


def _count(use: str, outcome: str) -> None:
    with _counting:
        calls[use, outcome] += 1


def _note(state: State) -> None:
    with _counting:
        events[state] += 1


def _was_silent(error: Exception) -> bool:
    """Tell a server that hangs, for which each further caller would wait, from one that refuses."""
    return isinstance(error, TimeoutError | redis.exceptions.TimeoutError)
