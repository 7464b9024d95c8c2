"""Whether it makes sense to ask somebody who has not answered lately. Pure: times are passed in.

Closed, everybody may ask. Open, nobody may for a while, and is told so at once instead of waiting.
Half-open, one asks on behalf of all, and its answer decides.
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a breaker stands."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half-open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """When a breaker opens, and how long it stays so.

    It opens after ``failures`` in a row that span ``seconds`` or more; a failure that came
    ``forget_seconds`` after the one before begins a new row.
    """

    failures: int = 5
    seconds: float = 0.0
    pause_seconds: float = 0.5
    probe_seconds: float = 10.0
    """How long a probe may take that never reports; then another may ask."""
    forget_seconds: float = 30.0


class Breaker:
    """One breaker. ``now`` is a monotonic time in seconds."""

    __slots__ = ("_changed_at", "_failed_at", "_row_began_at", "_terms", "failures", "state")

    def __init__(self, terms: Terms | None = None) -> None:
        self._terms = terms or Terms()
        self._row_began_at = 0.0
        self._failed_at = 0.0
        self._changed_at = 0.0
        self.failures = 0
        """How many failures there were in a row."""
        self.state = State.CLOSED

    @property
    def is_closed(self) -> bool:
        return self.state is State.CLOSED

    def may_ask(self, now: float) -> bool:
        """Tell whether the caller may ask; on an open breaker it has thereby become the probe."""
        if self.state is State.CLOSED:
            return True
        if self.seconds_until_probe(now) > 0:
            return False
        self._change(State.HALF_OPEN, now)
        return True

    def seconds_until_probe(self, now: float) -> float:
        """Give how long nobody may ask, zero when somebody may."""
        if self.state is State.CLOSED:
            return 0.0
        is_open = self.state is State.OPEN
        pause = self._terms.pause_seconds if is_open else self._terms.probe_seconds
        return max(0.0, self._changed_at + pause - now)

    def is_forgettable(self, now: float) -> bool:
        """Tell whether it says no more than a fresh one would."""
        return self.failures == 0 or now - self._failed_at >= self._terms.forget_seconds

    def succeeded(self, now: float) -> bool:
        """Note an answer, and tell whether it closed the breaker."""
        was_closed = self.is_closed
        self.failures = 0
        self._change(State.CLOSED, now)
        return not was_closed

    def failed(self, now: float, *, at_once: bool = False) -> bool:
        """Note a failure, and tell whether it opened a closed breaker: ``at_once``, or in a row."""
        if self.is_forgettable(now):
            self.failures, self._row_began_at = 0, now
        self.failures += 1
        self._failed_at = now
        if self.is_closed and not (at_once or self._is_enough(now)):
            return False
        was_closed = self.is_closed
        self._change(State.OPEN, now)
        return was_closed

    def _is_enough(self, now: float) -> bool:
        lasted = now - self._row_began_at
        return self.failures >= self._terms.failures and lasted >= self._terms.seconds

    def _change(self, state: State, now: float) -> None:
        self.state = state
        self._changed_at = now
