"""Who may see and change an organization's quota.

Members see theirs. Operators run the platform, so they see and change everybody's.
"""

from uuid import UUID

from accounts.models import User
from orgs import access
from orgs.models import Organization
from orgs.roles import Permission
from redisgate.lib.errors import Forbidden, NotFound


def to_see(user: User, organization: UUID | str) -> Organization:
    """Find an organization by id or slug for a member or an operator. Raises NotFound."""
    if user.is_staff:
        return _any(organization)
    return access.enter(user, organization, Permission.QUOTA_VIEW).organization


def to_change(user: User, organization: UUID | str) -> Organization:
    """Find an organization for an operator. Raises NotFound to outsiders, Forbidden to members."""
    found = to_see(user, organization)
    require_operator(user)
    return found


def require_operator(user: User) -> None:
    """Raise Forbidden unless the person runs the platform."""
    if not user.is_staff:
        raise Forbidden(
            "Only operators of this platform can change limits and plans. "
            "Ask yours, and say which limit you need.",
            log="not an operator",
        )


def _any(organization: UUID | str) -> Organization:
    field = "id" if isinstance(organization, UUID) else "slug"
    found = Organization.objects.filter(**{field: organization}).first()
    if found is None:
        raise NotFound("There is no such organization.", log="organization not found")
    return found
