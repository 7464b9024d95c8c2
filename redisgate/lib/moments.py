"""Moments as people say them; static/js/times.js says them alike, so that no page jumps."""

from datetime import UTC, datetime
from math import floor

DAY = 86400
_UNITS = (("year", 365 * DAY), ("month", 30 * DAY), ("day", DAY), ("hour", 3600), ("minute", 60))
_NEAR = {("day", -1): "yesterday", ("day", 1): "tomorrow"}


def relative(at: datetime, now: datetime) -> str:
    """Say ``5 minutes ago``, ``yesterday``, ``in 3 days``."""
    seconds = (at - now).total_seconds()
    for unit, length in _UNITS:
        if abs(seconds) >= length:
            # As JavaScript rounds: a half goes up.
            return _said(floor(seconds / length + 0.5), unit)
    return "in a moment" if seconds > 0 else "just now"


def exactly(at: datetime) -> str:
    """Say ``2030-01-31 12:00:00 UTC``."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _said(number: int, unit: str) -> str:
    if near := _NEAR.get((unit, number)):
        return near
    words = f"{abs(number)} {unit}{'' if abs(number) == 1 else 's'}"
    return f"in {words}" if number > 0 else f"{words} ago"
