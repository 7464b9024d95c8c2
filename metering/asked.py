"""Which month a request asks for."""

from datetime import datetime

from metering.months import Month
from redisgate.lib.errors import InvalidInput


def month_asked(text: str, now: datetime) -> Month:
    """Read ``2026-11``; nothing is the present one. Raises InvalidInput."""
    present = Month.of(now)
    if not text:
        return present
    try:
        month = Month.parse(text)
    except ValueError as error:
        raise _refused(str(error)) from None
    if month > present:
        raise _refused(f"{month} has not begun yet.")
    return month


def _refused(words: str) -> InvalidInput:
    return InvalidInput.in_field("month", words)
