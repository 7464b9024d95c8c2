"""When people are warned that a key is about to expire. Pure."""

from datetime import datetime, timedelta

from django.utils import timezone

DAYS = (7, 1)
"""How long before the end, the first warning first."""


def passed(expires_at: datetime | None) -> int | None:
    """Give the last of the warnings whose time is over already: who chose that end knows it."""
    if expires_at is None:
        return None
    return due(expires_at, timezone.now())


def due(expires_at: datetime, now: datetime) -> int | None:
    """Give the warning that is to be sent by now, the one with the fewest days."""
    left = expires_at - now
    return min((days for days in DAYS if left <= timedelta(days=days)), default=None)
