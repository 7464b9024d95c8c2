"""The one door to an organization's audit log.

Owners and admins may look. Events hold other people's network addresses and what they do all
day, which a developer's work doesn't need; what happened to an instance is told on its own page.
"""

from typing import Any
from uuid import UUID

from django.http import QueryDict

from accounts.models import User
from activity import operators
from activity.filters import FilterForm
from audit.models import AuditEvent
from orgs import access
from orgs.access import Access
from orgs.roles import Permission
from redisgate.lib.errors import InvalidInput, NotFound


def enter(user: User, organization: UUID | str) -> Access:
    """Open an organization's log by its id or slug. Raises NotFound or Forbidden."""
    return access.enter(user, organization, Permission.AUDIT_VIEW)


def find(entered: Access, event_id: UUID) -> AuditEvent:
    """Return one event. Raises NotFound for an unknown and for a foreign one alike."""
    mine = AuditEvent.objects.filter(organization_id=entered.organization.pk)
    event = mine.filter(pk=event_id).first()
    if event is None:
        raise NotFound("There is no such event.", log="audit event not found")
    operators.veil(entered.organization.pk, [event])
    return event


def filters(query: QueryDict) -> dict[str, Any]:
    """Read filters from an address. Raises InvalidInput that names the fields."""
    form = FilterForm(query)
    if form.is_valid():
        return form.cleaned_data
    errors = {field: [str(each) for each in words] for field, words in form.errors.items()}
    field, words = next(iter(errors.items()))
    raise InvalidInput(f"{field}: {words[0]}", details={"errors": errors})
