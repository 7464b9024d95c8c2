"""Which stretch of time somebody wants to see, and how finely."""

from dataclasses import dataclass
from datetime import UTC, datetime

from figures.levels import DAY, HOUR, HOURS, LEVELS, MINUTE, RAW, Level
from redisgate.lib.errors import InvalidInput

POINTS_MAX = 2000
DEFAULT_RANGE = "1h"


@dataclass(frozen=True, slots=True)
class Range:
    """A usual stretch up to now: how long, a point each ``step``, a table's row each ``row``."""

    name: str
    label: str
    seconds: int
    step: int
    row: int


RANGES = {
    each.name: each
    for each in (
        Range("15m", "15 minutes", 15 * MINUTE, 10, MINUTE),
        Range("1h", "1 hour", HOUR, 10, 2 * MINUTE),
        Range("6h", "6 hours", 6 * HOUR, MINUTE, 10 * MINUTE),
        Range("24h", "24 hours", DAY, 2 * MINUTE, 30 * MINUTE),
        Range("7d", "7 days", 7 * DAY, 20 * MINUTE, 6 * HOUR),
        Range("30d", "30 days", 30 * DAY, HOUR, DAY),
        Range("90d", "90 days", 90 * DAY, 3 * HOUR, 3 * DAY),
    )
}
_STEPS = (10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 10800, 21600, 43200, 86400)


@dataclass(frozen=True, slots=True)
class Window:
    """From ``since`` (included) to ``until``, in seconds since 1970; both are whole steps."""

    since: int
    until: int
    step: int

    @property
    def times(self) -> range:
        return range(self.since, self.until, self.step)

    @property
    def level(self) -> Level:
        """Choose the coarsest level whose points make up this window's."""
        return max(
            (level for level in LEVELS if self.step % level.step == 0), key=lambda it: it.step
        )


def up_to(now: float, wanted: Range, *, step: int | None = None) -> Window:
    """Give the window of a usual range, the present point included."""
    return _aligned(int(now) - wanted.seconds + 1, int(now) + 1, step or wanted.step)


def named(name: str) -> Range:
    """Find a usual range, or raise InvalidInput."""
    if name not in RANGES:
        words = f"The range must be one of {', '.join(RANGES)}."
        raise InvalidInput.in_field("range", words)
    return RANGES[name]


def asked_for(parameters: dict[str, str], now: float) -> Window:
    """Read ``range``, or ``from``, ``to`` and ``step``; raise InvalidInput."""
    if "from" not in parameters:
        return up_to(now, named(parameters.get("range", DEFAULT_RANGE)))
    since = _moment(parameters["from"], "from")
    until = _moment(parameters["to"], "to") if "to" in parameters else int(now) + 1
    if not now - HOURS.keep - DAY <= since < until <= now + DAY:
        raise InvalidInput.in_field(
            "from", "from must be before to, and both within the last 90 days."
        )
    step = _step(parameters.get("step"), since, until, now)
    return _aligned(since, until, step)


def _aligned(since: int, until: int, step: int) -> Window:
    return Window(since - since % step, until + -until % step, step)


def _step(text: str | None, since: int, until: int, now: float) -> int:
    kept = min(level.step for level in LEVELS if since >= now - level.keep - level.span)
    if text is None:
        return next(
            step for step in _STEPS if step >= kept and (until - since) // step <= POINTS_MAX // 2
        )
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise InvalidInput.in_field("step", "step must be a number of seconds.")
    step = int(text)
    if step < RAW.step or step % kept:
        raise InvalidInput.in_field(
            "step", f"For figures of that age step must be a multiple of {kept} seconds."
        )
    if (until - since) // step > POINTS_MAX:
        raise InvalidInput.in_field(
            "step", f"That would be more than {POINTS_MAX} points. Take a larger step."
        )
    return step


def _moment(text: str, name: str) -> int:
    """Read seconds since 1970, or ISO 8601."""
    try:
        if text.isascii() and text.isdigit():
            return int(datetime.fromtimestamp(int(text), UTC).timestamp())
        moment = datetime.fromisoformat(text)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError, OSError):
        raise InvalidInput.in_field(
            name, f"{name} must be a time such as 2027-01-31T12:00:00Z, or seconds since 1970."
        ) from None
