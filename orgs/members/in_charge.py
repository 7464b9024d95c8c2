"""Who is written to when something about an organization needs doing."""

from uuid import UUID

from django.db.models import Q

from accounts.models import User
from orgs.models import Membership
from orgs.roles import Role

ROLES = (Role.OWNER, Role.ADMIN)


def people(organization_id: UUID, *, besides: UUID | None = None) -> list[User]:
    """Find the owners and admins, and one more where they are a member; nobody suspended."""
    those = Q(role__in=ROLES) if besides is None else Q(role__in=ROLES) | Q(user=besides)
    found = Membership.objects.filter(
        those, organization=organization_id, user__is_active=True
    ).select_related("user")
    return [membership.user for membership in found.order_by("user__email")]
