"""An organization that has grown large: what `bench.pages` fills a database with.

Its instances run, each of its keys was used on one of them in eight hours of each of thirty days,
and eleven months are sealed. Rows are inserted as no service would.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from orgs.models import Organization

KEYS, INVITATIONS = 200, 20
USED_HOURS = range(0, 30 * 24, 3)
SEALED_MONTHS = 11
SAMPLED_MINUTES, SAMPLED_AHEAD_MINUTES = 180, 60
SAMPLE = {
    "n": 1,
    "ms": 10_000,
    "used": 600_000,
    "rss": 2_000_000,
    "limit": 1_048_576,
    "commands": 900,
    "calls:get": 900,
    "usec:get": 4500,
    "hits": 700,
    "misses": 200,
    "clients": 3,
    "keys": 7,
    "keys:db0": 7,
    "ping_us": 40,
    "bytes_in": 9000,
    "bytes_out": 9000,
}
BEFORE_ALL = 10**9
"""Where the sequence of events begins that no other row takes."""


def grow(organization_id: UUID, instances: int, members: int) -> None:
    from audit.actors import SYSTEM
    from orgs.models import Organization
    from quotas import services as quotas
    from tests.rows import add_instance

    organization = Organization.objects.get(pk=organization_id)
    quotas.set_limits(SYSTEM, organization, instances=instances, memory_mb=instances, api_keys=KEYS)
    running = {"status": "running", "health": "healthy"}
    ids = [add_instance(organization, **running).pk for _ in range(instances)]
    _add_creations(organization, ids)
    _add_people(organization, members)
    _add_keys(organization, ids)
    _add_figures(ids)
    _add_past(organization, ids)


def _add_creations(organization: "Organization", instances: Sequence[UUID]) -> None:
    from django.utils import timezone

    from audit.actions import Action
    from audit.models import AuditEvent

    AuditEvent.objects.bulk_create(
        AuditEvent(
            sequence=BEFORE_ALL + number,
            at=timezone.now() - timedelta(hours=number),
            organization_id=organization.pk,
            actor_label="person0@example.com",
            means="api",
            action=Action.INSTANCE_CREATE,
            object_type="instance",
            object_id=instance,
            object_label="instance",
            hash="x",
        )
        for number, instance in enumerate(instances)
    )


def _add_people(organization: "Organization", count: int) -> None:
    from accounts.models import User
    from orgs.models import Membership
    from orgs.roles import Role
    from tests.orgs.people import add_invitation

    people = User.objects.bulk_create(
        User(username=f"person{number}", email=f"person{number}@example.com")
        for number in range(count)
    )
    Membership.objects.bulk_create(
        Membership(organization=organization, user=person, role=Role.VIEWER) for person in people
    )
    for _ in range(INVITATIONS):
        add_invitation(organization)


def _add_keys(organization: "Organization", instances: Sequence[UUID]) -> None:
    from django.utils import timezone

    from apikeys.models import KeyUsage
    from tests.quotas.rows import add_key

    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    for number in range(KEYS):
        key, instance = add_key(organization), instances[number % len(instances)]
        KeyUsage.objects.bulk_create(
            KeyUsage(
                key=key,
                instance_id=instance,
                hour=now - timedelta(hours=hour),
                requests=1000 + hour,
                commands=2000 + hour,
            )
            for hour in USED_HOURS
        )


def _add_figures(instances: Sequence[UUID]) -> None:
    """Write two hours of samples; the last ones lie ahead, so that they are fresh for a while."""
    import time

    from figures import rolling, store
    from figures.levels import MINUTE, RAW

    until = int(time.time()) + SAMPLED_AHEAD_MINUTES * MINUTE
    starts = range(RAW.start_of(until - SAMPLED_MINUTES * MINUTE), until, RAW.span)
    points = dict.fromkeys(range(RAW.span // RAW.step), SAMPLE)
    for start in starts:
        store.write([store.Stretch(each, RAW, start, points) for each in instances], fence=1)
    while rolling.roll_up(int(time.time()), fence=1):
        pass


def _add_past(organization: "Organization", instances: Sequence[UUID]) -> None:
    from django.utils import timezone

    from metering.models import MonthlyUsage, SealedMonth
    from metering.months import Month
    from orgs.models import Organization

    now = timezone.now()
    first = Month.of(now).plus(-SEALED_MONTHS)
    Organization.objects.filter(pk=organization.pk).update(created_at=first.begins_at)
    for month in first.until(Month.of(now).previous):
        SealedMonth.objects.create(first_day=month.first_day, sealed_at=now)
        MonthlyUsage.objects.bulk_create(
            MonthlyUsage(
                organization=organization,
                first_day=month.first_day,
                instance_id=instance,
                instance_name=f"instance {number}",
                **dict.fromkeys(("running_ms", "memory_mb_ms"), 1_000_000_000),
                **dict.fromkeys(("requests", "commands", "bytes_in", "bytes_out"), 100_000),
                errors=0,
            )
            for number, instance in enumerate(instances)
        )
