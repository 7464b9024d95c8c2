"""How long events stay in the database, and where they go then."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone


def sealed_directory() -> Path:
    return Path(settings.DATA_DIR) / "audit"


def oldest_kept() -> datetime | None:
    """Return the moment before which events are sealed, or None when all stay."""
    days = settings.AUDIT_RETENTION_DAYS
    return timezone.now() - timedelta(days=days) if days else None
