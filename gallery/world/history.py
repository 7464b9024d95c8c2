"""A month in the life of an organization: what its people did, and months that are sealed."""

import random
from collections.abc import Sequence
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from audit import services as audit
from audit.actions import Action
from audit.actors import Means
from audit.models import AuditEvent
from gallery.world.clock import ago
from gallery.world.people import actor
from instances.models import Instance
from metering.models import MonthlyUsage, SealedMonth
from metering.months import Month
from orgs.models import Organization

DEEDS: tuple[tuple[Action, dict[str, object]], ...] = (
    (Action.INSTANCE_RESTART, {}),
    (Action.INSTANCE_RESIZE, {"before": {"memory_mb": 64}, "after": {"memory_mb": 128}}),
    (Action.INSTANCE_ROTATE_PASSWORD, {"grace_seconds": 3600}),
    (Action.API_KEY_CREATE, {"hint": "rg_4f1c…9a", "scopes": ["read"]}),
    (Action.API_KEY_REVOKE, {"hint": "rg_77aa…02", "scopes": ["read", "write"]}),
    (Action.MEMBER_CHANGE_ROLE, {"before": {"role": "viewer"}, "after": {"role": "developer"}}),
    (Action.CONSOLE_COMMAND, {"command": "DEL"}),
    (Action.DATA_DELETE, {"key": "session:04182"}),
)
SEALED_MONTHS = 11
HOUR_MS = 3_600_000


def month_of_events(organization: Organization, people: Sequence[User], *, count: int) -> None:
    """Write events from thirty days ago until now, by several people and by several means."""
    chance = random.Random(4)  # noqa: S311  no secret, and the same each time
    for number in range(count):
        deed, changes = DEEDS[chance.randrange(len(DEEDS))]
        means = chance.choice((Means.DASHBOARD, Means.DASHBOARD, Means.API, Means.KEY))
        with ago(days=30 * (1 - number / count), minutes=4):
            audit.record(
                actor(chance.choice(people), means),
                deed,
                organization_id=organization.pk,
                object_id=uuid4(),
                object_label=f"checkout-eu-west-{number % 40:03}",
                changes=changes,
            )


def sealed_months(organization: Organization, instances: Sequence[Instance]) -> None:
    """Write the statements of the months before this one."""
    now = timezone.now()
    first = Month.of(now).plus(-SEALED_MONTHS)
    Organization.objects.filter(pk=organization.pk).update(created_at=first.begins_at)
    for position, month in enumerate(first.until(Month.of(now).previous)):
        SealedMonth.objects.create(first_day=month.first_day, sealed_at=now)
        MonthlyUsage.objects.bulk_create(
            _line(organization, month, instance, position + number)
            for number, instance in enumerate(instances)
        )


def _line(
    organization: Organization, month: Month, instance: Instance, growth: int
) -> MonthlyUsage:
    requests = 40_000 + 9_500 * growth
    return MonthlyUsage(
        organization=organization,
        first_day=month.first_day,
        instance_id=instance.pk,
        instance_name=instance.name,
        running_ms=(400 + 9 * growth) * HOUR_MS,
        memory_mb_ms=(400 + 9 * growth) * HOUR_MS * instance.memory_mb,
        requests=requests,
        commands=requests * 3,
        errors=requests // 400,
        bytes_in=requests * 310,
        bytes_out=requests * 1240,
    )


def newest(organization: Organization) -> AuditEvent:
    return AuditEvent.objects.filter(organization_id=organization.pk)[0]
