"""How long a former secret goes on working beside the one that takes its place."""

from datetime import timedelta

from redisgate.lib.errors import InvalidInput

WORDS = {
    timedelta(0): "at once",
    timedelta(hours=1): "1 hour",
    timedelta(hours=24): "24 hours",
    timedelta(days=7): "7 days",
}
"""The graces there are, and how people say them."""
USUAL = timedelta(hours=24)


def in_seconds() -> list[int]:
    """Give them as programs and forms name them."""
    return [int(grace.total_seconds()) for grace in WORDS]


def of(seconds: int) -> timedelta:
    """Return the grace of so many seconds. Raises InvalidInput when there is none."""
    return known(timedelta(seconds=seconds) if seconds in in_seconds() else None)


def known(grace: timedelta | None) -> timedelta:
    """Return a grace that there is. Raises InvalidInput."""
    if grace not in WORDS:
        seconds = ", ".join(map(str, in_seconds()))
        words = f"The grace must be one of {seconds} seconds: {', '.join(WORDS.values())}."
        raise InvalidInput.in_field("grace_seconds", words)
    return grace
