"""What an operator's overview counts, as rows that nobody else made."""

import itertools
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from accounts.models import User
from apikeys.models import ApiKey, KeyUsage
from audit.actions import Action
from audit.actors import Means
from audit.models import AuditEvent
from instances.models import Host
from metering.models import Interval
from orgs.models import Organization

GIGABYTE_MB = 1024
_sequences = itertools.count(1_000_000)


def add_host(name: str = "machine", **facts: Any) -> Host:
    usual = {
        "disk_free_mb": 50 * GIGABYTE_MB,
        "disk_total_mb": 100 * GIGABYTE_MB,
        "memory_free_mb": 6 * GIGABYTE_MB,
        "memory_total_mb": 8 * GIGABYTE_MB,
        "may_overcommit": True,
        "load": 0.5,
        "processors": 2,
        "duties": {},
        "seen_at": timezone.now(),
    }
    return Host.objects.create(name=name, **{**usual, **facts})


def made(organization: Organization, *, ago: timedelta, ran_after: timedelta | None = None) -> UUID:
    """Have an instance been made, and run where it did; nothing else of it is left."""
    instance = uuid4()
    at = timezone.now() - ago
    _record_at(at, organization, instance)
    if ran_after is not None:
        Interval.objects.create(
            organization=organization,
            instance_id=instance,
            instance_name="Cache",
            memory_mb=64,
            started_at=at + ran_after,
            ended_at=at + ran_after,
        )
    return instance


def _record_at(at: datetime, organization: Organization, instance: UUID) -> None:
    """Write an event of another moment, which the service never does."""
    AuditEvent.objects.create(
        sequence=next(_sequences),
        at=at,
        organization_id=organization.pk,
        actor_label="somebody",
        means=Means.API,
        action=Action.INSTANCE_CREATE,
        object_type="instance",
        object_id=instance,
        object_label="Cache",
        hash="",
    )


def used(key: ApiKey, *, hours_ago: int, **amounts: int) -> None:
    hour = timezone.now().replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours_ago)
    KeyUsage.objects.create(key=key, instance_id=uuid4(), hour=hour, **amounts)


def joined(person: User, *, ago: timedelta) -> None:
    User.objects.filter(pk=person.pk).update(date_joined=timezone.now() - ago)
