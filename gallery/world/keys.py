"""API keys in every state, and a month of what they did."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import sin
from typing import Any
from uuid import UUID

from django.utils import timezone

from apikeys import rotation, services, usage
from apikeys.models import ApiKey
from audit.actors import Actor
from gallery.world.clock import ago
from gallery.world.instances import STRANGE_NAMES
from instances.models import Instance
from orgs.models import Organization

HOUR = timedelta(hours=1)
DAYS = 31
KINDS: tuple[dict[str, Any], ...] = (
    {"name": "checkout service", "scopes": ["read", "write"], "rate_limit": 100},
    {"name": "dashboards", "scopes": ["read"], "key_patterns": ["stats:*", "cache:dash:*"]},
    {"name": "nightly import", "scopes": ["read", "write"], "networks": ["203.0.113.0/24"]},
    {"name": "maintenance", "scopes": ["read", "write", "admin"], "rate_limit": 10},
)


def various(actor: Actor, organization: Organization) -> list[ApiKey]:
    """Make keys of each kind, one of them soon to end, one over, one revoked."""
    made = [services.create(actor, organization, **kind)[0] for kind in KINDS]
    soon = timezone.now() + timedelta(days=5)
    made.append(_ending(actor, organization, "trial integration", soon))
    with ago(days=20):
        over = _ending(actor, organization, "conference demo", timezone.now() + timedelta(days=3))
    revoked, _ = services.create(actor, organization, name="leaked in a log", scopes=["read"])
    services.revoke(actor, revoked)
    return [*made, over, revoked]


def rotated(actor: Actor, organization: Organization) -> UUID:
    """Make a key of which two secrets work; give its id."""
    key, _ = services.create(actor, organization, name="mail sender", scopes=["read", "write"])
    rotation.rotate(actor, key, grace=timedelta(days=1))
    return key.pk


def strange(actor: Actor, organization: Organization) -> str:
    """Make a key for each hard name; give the id of the longest."""
    made = [
        services.create(
            actor, organization, name=name, scopes=["read"], key_patterns=[f"{name.split()[0]}:*"]
        )
        for name in STRANGE_NAMES
    ]
    return str(max((key for key, _ in made), key=lambda key: len(key.name)).pk)


def _ending(actor: Actor, organization: Organization, name: str, at: datetime) -> ApiKey:
    key, _ = services.create(actor, organization, name=name, scopes=["read"], expires_at=at)
    return key


def many(actor: Actor, organization: Organization, count: int) -> list[ApiKey]:
    """Make as many of one kind."""
    return [
        services.create(actor, organization, name=f"worker {n:02}", scopes=["read", "write"])[0]
        for n in range(count)
    ]


def used(keys: Sequence[ApiKey], instances: Sequence[Instance], *, every_hours: int) -> None:
    """Write what the keys did in each of so many hours, and who used them last."""
    now = timezone.now()
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    amounts = {
        usage.Slot(key.pk, instances[i % len(instances)].pk, this_hour - hour * HOUR): _amounts(
            i, hour
        )
        for i, key in enumerate(keys)
        for hour in range(0, DAYS * 24, every_hours)
    }
    last: dict[UUID, usage.LastUse] = {
        key.pk: usage.LastUse(now - i * 7 * HOUR, f"203.0.113.{10 + i}", "upstash-redis/1.39.0")
        for i, key in enumerate(keys)
    }
    usage.write(amounts, last)


def _amounts(key: int, hour: int) -> usage.Amounts:
    requests = int(900 * (1.3 + sin(hour / 3.8 + key)) * (1 + key % 4)) + 40
    return usage.Amounts(
        requests=requests,
        commands=requests * 3,
        errors=requests // 220,
        bytes_in=requests * 310,
        bytes_out=requests * 1240,
    )
