"""How long events stay in the database, and where they go then."""

import logging
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from activity import chains
from audit import sealing
from audit.actors import SYSTEM
from redisgate.lib.errors import RedisGateError

log = logging.getLogger("redisgate.audit")


def sealed_directory() -> Path:
    return Path(settings.DATA_DIR) / "audit"


def oldest_kept() -> datetime | None:
    """Return the moment before which events are sealed, or None when all stay."""
    days = settings.AUDIT_RETENTION_DAYS
    return timezone.now() - timedelta(days=days) if days else None


def seal_what_is_due() -> int:
    """Seal old events of every chain that was last sealed `AUDIT_SEAL_EVERY_DAYS` ago, or never.

    Returns how many were sealed. One that doesn't hold stays as it is, and the log says so.
    """
    before, every_days = oldest_kept(), settings.AUDIT_SEAL_EVERY_DAYS
    if before is None or not every_days:
        return 0
    due = [chain_id for chain_id in chains.named(None) if _is_due(chain_id, every_days)]
    return sum(_seal(chain_id, before) for chain_id in due)


def _is_due(chain_id: UUID, every_days: int) -> bool:
    last = sealing.seals_of(chain_id).last()
    return last is None or last.at <= timezone.now() - timedelta(days=every_days)


def _seal(chain_id: UUID, before: datetime) -> bool:
    try:
        sealed = sealing.seal(SYSTEM, chain_id, before=before, directory=sealed_directory())
    except RedisGateError as refusal:
        log.error("the audit log isn't sealed: %s", refusal)
        return False
    return sealed is not None
