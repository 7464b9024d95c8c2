"""Usage as it was written down, at moments that tests invent."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from apikeys.models import ApiKey, KeyUsage
from metering.models import Interval
from orgs.models import Organization


def at(text: str) -> datetime:
    """Read ``2026-11-03 12:00`` in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def ran(
    organization: Organization,
    start: str,
    end: str | None,
    *,
    instance_id: UUID | None = None,
    memory_mb: int = 64,
    name: str = "Cache",
) -> UUID:
    instance_id = instance_id or uuid4()
    Interval.objects.create(
        organization=organization,
        instance_id=instance_id,
        instance_name=name,
        memory_mb=memory_mb,
        started_at=at(start),
        ended_at=end and at(end),
    )
    return instance_id


def did(key: ApiKey, instance_id: UUID, hour: str, *, commands: int) -> None:
    KeyUsage.objects.create(
        key=key,
        instance_id=instance_id,
        hour=at(hour),
        requests=commands,
        commands=commands,
        errors=1,
        bytes_in=commands * 10,
        bytes_out=commands * 100,
    )
