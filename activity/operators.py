"""Who runs the platform stays behind it: an organization sees that an operator did something.

The operators' own audit pages name them.
"""

from collections.abc import Iterable
from uuid import UUID

from accounts.models import User
from audit.models import AuditEvent

LABEL = "The operator"


def veil(organization_id: UUID, events: Iterable[AuditEvent]) -> None:
    """Take operators' names and addresses out of events, unless they are members themselves."""
    found = list(events)
    doers = {event.actor_id for event in found if event.actor_id}
    operators = User.objects.filter(pk__in=doers, is_staff=True)
    strangers = set(
        operators.exclude(memberships__organization=organization_id).values_list("pk", flat=True)
    )
    for event in found:
        if event.actor_id in strangers:
            event.actor_id, event.actor_label, event.address = None, LABEL, None
