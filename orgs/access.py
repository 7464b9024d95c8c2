"""The one door to everything that an organization owns.

Whoever isn't a member gets NotFound, worded like an id that never was; a member whose role
is too low gets Forbidden, because they know the object anyway.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import User
from orgs import doorkeepers
from orgs.lock import refuse_closed
from orgs.models import Membership, Organization
from orgs.roles import Permission, Role, lesser, may, only_looks
from redisgate.lib import log_context
from redisgate.lib.errors import Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class Access:
    """One person inside one organization."""

    organization: Organization
    user: User
    role: Role

    def may(self, permission: Permission) -> bool:
        """Say what the role allows: looking alone, where the organization ends or is suspended."""
        is_still = self.organization.is_deleting or self.organization.is_suspended
        return may(self.role, permission) and (only_looks(permission) or not is_still)

    def require(self, permission: Permission) -> None:
        """Raise Forbidden unless the role carries the permission.

        Whatever changes something raises Conflict during deletion, and OrganizationSuspended.
        """
        if not may(self.role, permission):
            raise Forbidden(
                f"As {self.role.noun} of {self.organization.name} you may not do this. "
                f"Ask {_who_may(permission)} of the organization.",
                log=f"{self.role} lacks {permission}",
            )
        if not only_looks(permission):
            refuse_closed(self.organization)


def _who_may(permission: Permission) -> str:
    """Say whom to ask: those who rule, as far as they may."""
    those = [role.value for role in (Role.OWNER, Role.ADMIN) if may(role, permission)]
    return f"an {' or '.join(those)}"


def organizations_of(user: User) -> QuerySet[Organization]:
    mine = Organization.objects.filter(memberships__user=user)
    return mine.filter(pk=user.mandate.organization_id) if user.mandate else mine


def closed_to(user: User) -> set[UUID]:
    """Give those of a person's organizations whose doorkeepers would refuse them now."""
    if user.mandate is not None:
        return set()
    own = doorkeepers.with_what_they_read(Membership.objects).filter(user=user)
    return {each.organization_id for each in own if doorkeepers.refusal(each, user) is not None}


def enter(user: User, organization: UUID | str, permission: Permission) -> Access:
    """Open an organization by id (UUID) or slug (str) for one person and one purpose.

    Raises NotFound for an unknown or foreign one, Forbidden for a role too low, and what the
    doorkeepers refuse with.
    """
    where = (
        {"organization_id": organization}
        if isinstance(organization, UUID)
        else {"organization__slug": organization}
    )
    membership = (
        doorkeepers.with_what_they_read(Membership.objects).filter(user=user, **where).first()
    )
    if membership is None or not _is_meant(user, membership.organization):
        raise NotFound(
            "There is no such organization, or you are not a member (any more).",
            log="organization not found",
        )
    # A key was made by somebody who had passed the doorkeepers, and can't show them anything.
    refusal = None if user.mandate else doorkeepers.refusal(membership, user)
    if refusal is not None:
        raise refusal
    log_context.bind(organization=membership.organization_id, person=user.pk)
    access = Access(membership.organization, user, _role_of(membership, user))
    access.require(permission)
    return access


def refuse_keys(user: User) -> None:
    """Raise Forbidden where a person has to come themselves."""
    if user.mandate is not None:
        raise Forbidden(
            "A management key can't do this: sign in as yourself.", log="a management key came"
        )


def _is_meant(user: User, organization: Organization) -> bool:
    """Tell whether this door is open to the key, if one came in the person's name."""
    return user.mandate is None or user.mandate.organization_id == organization.pk


def _role_of(membership: Membership, user: User) -> Role:
    role = Role(membership.role)
    return lesser(role, Role(user.mandate.role)) if user.mandate else role
