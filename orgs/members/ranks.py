"""As which role somebody acts on other people of an organization."""

from uuid import UUID

from accounts.models import User
from audit.actors import Actor, Means
from orgs.models import Membership, Organization
from orgs.roles import MANAGES, Role, lesser, manages
from redisgate.lib.errors import Forbidden, NotFound

OF_THE_PLATFORM = {Means.SYSTEM, Means.COMMAND}
OF_PEOPLE_ALONE = {Role.OWNER, Role.ADMIN}
"""Roles that no key gives or takes: whom a leaked one let in as admin would outlast it."""


def rank_of(actor: Actor, organization: Organization) -> Role:
    """Return the role that the actor has now, not the one they had when they came in.

    The platform and operators who are no members stand as owners. Raises NotFound for others.
    """
    if actor.means in OF_THE_PLATFORM:
        return Role.OWNER
    is_key = actor.means == Means.KEY
    role = None if actor.user_id is None else _role_of(actor.user_id, organization, is_key=is_key)
    if role is None:
        raise NotFound("There is no such organization.", log="the actor is no member any more")
    return lesser(role, Role(actor.role_at_most)) if actor.role_at_most else role


def _role_of(user_id: UUID, organization: Organization, *, is_key: bool) -> Role | None:
    mine = Membership.objects.filter(organization=organization, user_id=user_id).first()
    if mine is not None:
        return Role(mine.role)
    operators = User.objects.filter(is_staff=True)
    return None if is_key or not operators.filter(pk=user_id).exists() else Role.OWNER


def roles_given_by(voucher: User | None, organization: Organization) -> frozenset[Role]:
    """Give the roles for which invitations hold that this person sent last; None: the platform."""
    if voucher is None:
        return frozenset(Role)
    rank = _role_of(voucher.pk, organization, is_key=False)
    return MANAGES[rank] if voucher.is_active and rank is not None else frozenset()


def membership_of(actor: Actor, organization: Organization) -> Membership | None:
    if actor.user_id is None:
        return None
    return Membership.objects.filter(organization=organization, user_id=actor.user_id).first()


def refuse_beyond(actor: Actor, organization: Organization, *roles: Role) -> None:
    """Raise Forbidden unless the actor may give and take all of these roles."""
    rank = rank_of(actor, organization)
    beyond = [role for role in roles if not manages(rank, role)]
    if beyond:
        words = (
            "Only an owner can decide about owners. Ask one of them."
            if manages(rank, Role.VIEWER)
            else "Only owners and admins can decide about members. Ask one of them."
        )
        raise Forbidden(words, log=f"{rank} doesn't manage {beyond[0]}")
    if actor.means == Means.KEY and OF_PEOPLE_ALONE.intersection(roles):
        raise Forbidden(
            "A management key decides about developers and viewers alone. "
            "Sign in as yourself to decide about owners and admins.",
            log="a key doesn't manage owners and admins",
        )
