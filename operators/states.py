"""Instances by state, and those that need somebody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from instances.models import EXTERNAL, Instance
from instances.states import Health, Status
from redisgate.lib.sentences import first_line

SHOWN_TROUBLED = 20
REASON_LENGTH = 240
NO_REASON = "No reason is known."


@dataclass(frozen=True, slots=True)
class Troubled:
    """An instance that doesn't work. The reason is its first line: later ones are its log."""

    id: UUID
    name: str
    organization: str
    state: str
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True)
class States:
    by_status: Mapping[Status, int]
    unhealthy: int
    servers: int
    """Processes of ours that run."""
    troubled: Sequence[Troubled]

    @property
    def all(self) -> int:
        return sum(self.by_status.values())

    @property
    def running(self) -> int:
        return self.by_status[Status.RUNNING]

    @property
    def in_error(self) -> int:
        return self.by_status[Status.ERROR]


def states() -> States:
    """Count them, and name some of those in trouble, in two queries."""
    by_status = dict.fromkeys(Status, 0)
    unhealthy = servers = 0
    rows = Instance.objects.order_by().values_list("status")
    for status, number, ill, ours in rows.annotate(
        number=Count("pk"),
        ill=Count("pk", filter=Q(health=Health.UNHEALTHY)),
        ours=Count("pk", filter=~Q(provisioner=EXTERNAL)),
    ):
        by_status[Status(status)] = number
        if status == Status.RUNNING:
            unhealthy, servers = ill, ours
    return States(by_status, unhealthy, servers, _troubled())


def _troubled() -> list[Troubled]:
    is_ill = Q(status=Status.RUNNING, health=Health.UNHEALTHY)
    rows = Instance.objects.filter(is_ill | Q(status=Status.ERROR)).select_related("organization")
    rows = rows.only("name", "status", "status_detail", "status_at", "organization__name")
    return [
        Troubled(
            id=each.pk,
            name=each.name,
            organization=each.organization.name,
            state=Status.ERROR if each.status == Status.ERROR else Health.UNHEALTHY,
            reason=first_line(each.status_detail, longest=REASON_LENGTH) or NO_REASON,
            since=each.status_at,
        )
        for each in rows.order_by("status", "-status_at")[:SHOWN_TROUBLED]
    ]
