"""Who runs the platform stays behind it: an organization sees that an operator did something.

The operators' own audit pages name them.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from audit.models import AuditEvent

LABEL = "The operator"


def strangers_to(organization_id: UUID) -> QuerySet[User]:
    """Select the operators who are no members of the organization."""
    return User.objects.filter(is_staff=True).exclude(memberships__organization=organization_id)


def veil(organization_id: UUID, events: Iterable[AuditEvent]) -> None:
    """Take operators' names and addresses out of events, unless they are members themselves."""
    found = list(events)
    doers = {event.actor_id for event in found if event.actor_id}
    hidden = set(strangers_to(organization_id).filter(pk__in=doers).values_list("pk", flat=True))
    for event in found:
        if event.actor_id in hidden:
            event.actor_id, event.actor_label, event.address = None, LABEL, None
