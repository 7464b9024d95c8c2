"""The end of instances that were made for a while. Pure."""

from datetime import datetime, timedelta

LAST_DAY = timedelta(days=1)
LAST_HOUR = timedelta(hours=1)

EXTENSIONS = {
    "hour": (timedelta(hours=1), "1 hour"),
    "day": (timedelta(days=1), "1 day"),
    "week": (timedelta(days=7), "7 days"),
}
"""What the buttons give, and how they say it."""


def warning(expires_at: datetime | None, now: datetime) -> str:
    """Return ``hour`` or ``day`` within the last of each, else nothing."""
    if expires_at is None:
        return ""
    left = expires_at - now
    if left <= LAST_HOUR:
        return "hour"
    return "day" if left <= LAST_DAY else ""


def extended(seen: datetime, word: str, now: datetime) -> datetime:
    """Say until when an instance lives that gets so much more.

    The new end depends on the one that the person saw, so a second press comes to the same.
    """
    more, _ = EXTENSIONS[word]
    return seen + more if seen > now - more else now + more
