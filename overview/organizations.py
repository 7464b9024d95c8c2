"""How a person's other organizations are, in three queries however many they are."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from instances.models import Instance
from instances.states import Health, Status, Wish
from orgs import access
from orgs.invitations import invitees
from orgs.models import Invitation, Organization
from quotas import notices
from quotas.limits import usage_in
from quotas.models import InstanceQuota
from quotas.usage import RESOURCES
from redisgate.lib.units import counted

SOON = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Summary:
    """What the list says of one organization."""

    total: int = 0
    running: int = 0
    failed: int = 0
    unhealthy: int = 0
    expiring: int = 0
    is_at_limit: bool = False

    @property
    def is_burning(self) -> bool:
        return bool(self.failed or self.unhealthy)

    @property
    def level(self) -> str:
        return "error" if self.is_burning else "warning"

    @property
    def needs(self) -> Sequence[str]:
        """Say what somebody should look at, the worst first."""
        said = (
            (self.failed, f"{counted(self.failed, 'instance')} failed"),
            (self.unhealthy, f"{counted(self.unhealthy, 'instance')} unhealthy"),
            (self.expiring, f"{counted(self.expiring, 'instance')} ending within a day"),
            (self.is_at_limit, "A limit is reached"),
        )
        return [words for is_so, words in said if is_so]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list."""

    organization: Organization
    is_closed: bool
    summary: Summary


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What waits for a person apart from the page that they look at."""

    invitations: Sequence[Invitation]
    burning: Sequence[Entry]


def panel(user: User, organizations: Iterable[Organization]) -> dict[str, object]:
    """Give the lines of the list, and the invitations that wait."""
    return {"entries": entries(user, organizations), "invitations": invitees.waiting_for(user)}


def entries(user: User, organizations: Iterable[Organization]) -> list[Entry]:
    """Sum up each organization that is open to the person now; of others nothing is told."""
    found = list(organizations)
    closed = access.closed_to(user)
    summaries = _summaries({each.pk for each in found} - closed)
    return [Entry(each, each.pk in closed, summaries.get(each.pk, Summary())) for each in found]


def elsewhere(user: User, here: Organization) -> Elsewhere:
    """Find what a person should know beside the organization that they are in."""
    others = list(access.organizations_of(user).exclude(pk=here.pk).filter(deleting_since=None))
    summed = entries(user, others) if others else []
    burning = [entry for entry in summed if entry.summary.is_burning]
    return Elsewhere(invitees.waiting_for(user), burning)


def _summaries(ids: Collection[UUID]) -> Mapping[UUID, Summary]:
    if not ids:
        return {}
    running = Q(status=Status.RUNNING)
    ending = Q(expires_at__lte=timezone.now() + SOON) & ~Q(wish=Wish.DELETED)
    counts = {
        "total": Count("pk"),
        "running": Count("pk", filter=running),
        "failed": Count("pk", filter=Q(status=Status.ERROR)),
        "unhealthy": Count("pk", filter=running & Q(health=Health.UNHEALTHY)),
        "expiring": Count("pk", filter=ending),
    }
    mine = Instance.objects.filter(organization__in=ids).order_by().values_list("organization")
    rows = {pk: dict(zip(counts, row, strict=True)) for pk, *row in mine.annotate(**counts)}
    full = _at_their_limit(ids)
    return {pk: Summary(**rows.get(pk, {}), is_at_limit=pk in full) for pk in ids}


def _at_their_limit(ids: Collection[UUID]) -> frozenset[UUID]:
    rows = InstanceQuota.objects.filter(organization__in=ids)
    return frozenset(
        row.organization_id
        for row in rows
        if any(notices.level_of(usage_in(row).of(each)) == notices.FULL for each in RESOURCES)
    )
