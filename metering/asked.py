"""Which month a request asks for."""

from datetime import datetime

from metering.months import Month
from orgs.models import Organization
from redisgate.lib.errors import InvalidInput, NotFound


def month_asked(text: str, organization: Organization, now: datetime) -> Month:
    """Read ``2026-11``; nothing is the present one.

    Raises InvalidInput, and NotFound for a month before the organization was there.
    """
    present = Month.of(now)
    if not text:
        return present
    try:
        month = Month.parse(text)
    except ValueError as error:
        raise _refused(str(error)) from None
    if month > present:
        raise _refused(f"{month} has not begun yet.")
    first = Month.of(organization.created_at)
    if month < first:
        raise NotFound(
            f"{organization.name} did not exist yet in {month.first_day:%B %Y}. "
            f"Its first statement is that of {first.first_day:%B %Y}.",
            log="month before the organization",
        )
    return month


def _refused(words: str) -> InvalidInput:
    return InvalidInput.in_field("month", words)
