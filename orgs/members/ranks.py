"""As which role somebody acts on other people of an organization."""

from accounts.models import User
from audit.actors import Actor, Means
from orgs.models import Membership, Organization
from orgs.roles import Role, lesser, manages
from redisgate.lib.errors import Forbidden, NotFound

OF_THE_PLATFORM = {Means.SYSTEM, Means.COMMAND}


def rank_of(actor: Actor, organization: Organization) -> Role:
    """Return the role that the actor has now, not the one they had when they came in.

    The platform and operators who are no members stand as owners. Raises NotFound for others.
    """
    if actor.means in OF_THE_PLATFORM:
        return Role.OWNER
    mine = membership_of(actor, organization)
    if mine is not None:
        role = Role(mine.role)
        return lesser(role, Role(actor.role_at_most)) if actor.role_at_most else role
    operators = User.objects.filter(is_staff=True)
    is_person = actor.user_id is not None and actor.means != Means.KEY
    if is_person and operators.filter(pk=str(actor.user_id)).exists():
        return Role.OWNER
    raise NotFound("There is no such organization.", log="the actor is no member any more")


def membership_of(actor: Actor, organization: Organization) -> Membership | None:
    if actor.user_id is None:
        return None
    return Membership.objects.filter(organization=organization, user_id=actor.user_id).first()


def refuse_beyond(actor: Actor, organization: Organization, *roles: Role) -> None:
    """Raise Forbidden unless the actor may give and take all of these roles."""
    rank = rank_of(actor, organization)
    beyond = [role for role in roles if not manages(rank, role)]
    if not beyond:
        return
    if manages(rank, Role.VIEWER):
        words = "Only an owner can decide about owners. Ask one of them."
    else:
        words = "Only owners and admins can decide about members. Ask one of them."
    raise Forbidden(words, log=f"{rank} doesn't manage {beyond[0]}")
