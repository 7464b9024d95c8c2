"""Who is told that a limit is nearly or fully used: owners and admins, once for each crossing.

The row of `Notice` remembers the level that people know. Of two processes that see a crossing at
once, one changes the row and writes; a level that has fallen is remembered without a word, so
that the next crossing is told again.
"""

from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from mail import messages
from orgs.members import in_charge
from orgs.models import Organization
from quotas.limits import usage_in
from quotas.models import InstanceQuota, Notice
from quotas.refusals import WAY_OUT, quantity
from quotas.usage import RESOURCES, Amount, Resource
from redisgate.lib.write_lock import retried_when_locked

NEARLY, FULL = 80, 100
NOUNS: dict[Resource, str] = {
    "instances": "instances",
    "memory_mb": "memory",
    "api_keys": "API keys",
}


def level_of(amount: Amount) -> int:
    """Say which mark is reached: 0, 80 or 100 percent. A limit of 0 is no mark to reach."""
    if amount.limit == 0:
        return 0
    if amount.used >= amount.limit:
        return FULL
    return NEARLY if amount.used * 100 >= amount.limit * NEARLY else 0


def look_after_commit(organization_id: UUID) -> None:
    """Look once what is being written is there; a failure to write mail is logged, not raised."""
    transaction.on_commit(partial(look, organization_id), robust=True)


def look(organization_id: UUID) -> None:
    """Tell people of crossings that they don't know of."""
    # Without a transaction, which on SQLite would be the one seat for writers.
    quota = InstanceQuota.objects.filter(organization=organization_id).first()
    if quota is None:
        return
    known = dict(
        Notice.objects.filter(organization=organization_id).values_list("resource", "level")
    )
    usage = usage_in(quota)
    for resource in RESOURCES:
        before = known.get(resource, 0)
        if level_of(usage.of(resource)) != before:
            _cross(organization_id, resource, usage.of(resource), before)


@retried_when_locked
def _cross(organization_id: UUID, resource: Resource, amount: Amount, before: int) -> None:
    level = level_of(amount)
    with transaction.atomic():
        if _note(organization_id, resource, before, level) and level > before:
            _tell(organization_id, resource, amount, is_full=level == FULL)


def look_at_all() -> None:
    """Look at every organization for which use and notice don't agree, however that came."""
    levels = {
        (organization_id, resource): level
        for organization_id, resource, level in Notice.objects.values_list(
            "organization_id", "resource", "level"
        )
    }
    for organization_id in _differing(levels):
        look(organization_id)


def _differing(levels: dict[tuple[UUID, str], int]) -> list[UUID]:
    near = Q()
    for resource in RESOURCES:
        limit = F(f"{resource}_limit")
        # Four fifths, rounded up, in whole numbers that no column is too small for.
        reached = {f"{resource}_used__gte": limit - limit / 5, f"{resource}_limit__gt": 0}
        near |= Q(**reached)
    told = {organization_id for (organization_id, _), level in levels.items() if level}
    rows = {row.organization_id: row for row in InstanceQuota.objects.filter(near)}
    rows |= InstanceQuota.objects.in_bulk(list(told - set(rows)))
    return [
        organization_id
        for organization_id, row in rows.items()
        if any(
            level_of(usage_in(row).of(resource)) != levels.get((organization_id, resource), 0)
            for resource in RESOURCES
        )
    ]


def _note(organization_id: UUID, resource: Resource, before: int, level: int) -> bool:
    # Both statements let one of several win: the unique row, and the level it must still have.
    row = Notice(organization_id=organization_id, resource=resource)
    Notice.objects.bulk_create([row], ignore_conflicts=True)
    mine = Notice.objects.filter(organization=organization_id, resource=resource, level=before)
    return mine.update(level=level) == 1


def _tell(organization_id: UUID, resource: Resource, amount: Amount, *, is_full: bool) -> None:
    organization = Organization.objects.get(pk=organization_id)
    context = {
        "organization": organization,
        "is_full": is_full,
        "noun": NOUNS[resource],
        "used": quantity(resource, amount.used),
        "limit": quantity(resource, amount.limit),
        "way_out": WAY_OUT[resource],
    }
    for person in in_charge.people(organization_id):
        messages.send("quotas/email/limit", to=person.email, context=context)
