"""Who belongs to an organization, and as what.

Whoever changes that holds the organization's lock, so that of two owners who go at once the
second is the last one, and stays.
"""

from django.db import transaction

from accounts.models import User
from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from orgs import lock
from orgs.invitations import vouching
from orgs.members import mails as member_mails
from orgs.members import ranks
from orgs.models import Membership, Organization
from orgs.refusals import LastOwner
from orgs.roles import Role
from redisgate.lib.errors import Conflict, NotFound
from redisgate.lib.write_lock import retried_when_locked


@retried_when_locked
def add_member(
    actor: Actor,
    organization: Organization,
    user: User,
    role: Role,
    *,
    action: Action = Action.MEMBER_ADD,
) -> Membership:
    """Let somebody in; that they may come in, the caller has made sure of.

    Who is a member already stays as they are. Raises NotFound, or Conflict during deletion.
    """
    with transaction.atomic():
        lock.hold(organization.pk)
        membership, is_new = Membership.objects.get_or_create(
            organization=organization, user=user, defaults={"role": role}
        )
        if is_new:
            _record(actor, action, membership, role=role.value)
    return membership


@retried_when_locked
def change_role(actor: Actor, membership: Membership, role: Role) -> None:
    """Give a member another role; one they have already is no change.

    Raises Forbidden, LastOwner, NotFound.
    """
    with transaction.atomic():
        held = _hold(membership)
        before = Role(held.role)
        ranks.refuse_beyond(actor, held.organization, before, role)
        if before is role:
            return
        _keep_an_owner(held, "can't have another role")
        _set(held, role)
        _record(actor, Action.MEMBER_CHANGE_ROLE, held, before=before.value, after=role.value)
        vouching.withdraw_lapsed(actor, held.organization, held.user)
        member_mails.tell(actor, held, "changed")
    membership.role = role


@retried_when_locked
def remove(actor: Actor, membership: Membership) -> None:
    """End somebody's membership at once, on pages and sockets. API keys they made stay.

    Raises Forbidden, LastOwner, NotFound.
    """
    with transaction.atomic():
        held = _hold(membership)
        ranks.refuse_beyond(actor, held.organization, Role(held.role))
        _end(actor, Action.MEMBER_REMOVE, held, "can't be removed")
        member_mails.tell(actor, held, "removed")


@retried_when_locked
def leave(actor: Actor, membership: Membership) -> None:
    """End one's own membership, whatever one's role. Raises LastOwner, NotFound."""
    with transaction.atomic():
        _end(actor, Action.MEMBER_LEAVE, _hold(membership), "can't leave")


@retried_when_locked
def transfer_ownership(actor: Actor, to: Membership) -> None:
    """Make another member owner in the actor's place, who becomes an admin.

    Raises Forbidden unless the actor is an owner, Conflict for oneself, NotFound.
    """
    with transaction.atomic():
        heir = _hold(to)
        organization = heir.organization
        ranks.refuse_beyond(actor, organization, Role.OWNER)
        if heir.user_id == actor.user_id:
            raise Conflict("You are an owner already. Choose somebody else.")
        mine = ranks.membership_of(actor, organization)
        if mine is None or mine.role != Role.OWNER:
            raise Conflict("Only an owner can hand over their ownership. Change the role instead.")
        _set(heir, Role.OWNER)
        _set(mine, Role.ADMIN)
        audit.record(
            actor,
            Action.ORGANIZATION_TRANSFER,
            organization_id=organization.pk,
            object_id=organization.pk,
            object_label=organization.name,
            changes={"from": actor.label, "to": heir.user.email},
        )
        vouching.withdraw_lapsed(actor, organization, mine.user)
        member_mails.tell(actor, heir, "owner")


def is_last_owner(membership: Membership) -> bool:
    """Tell whether nobody would own the organization without this member."""
    owners = Membership.objects.filter(organization_id=membership.organization_id, role=Role.OWNER)
    return membership.role == Role.OWNER and not owners.exclude(pk=membership.pk).exists()


def _hold(membership: Membership) -> Membership:
    """Read a membership anew, under the lock of its organization."""
    organization = lock.hold(membership.organization_id)
    held = Membership.objects.select_related("user").filter(pk=membership.pk).first()
    if held is None:
        raise NotFound("There is no such member. They may have left.", log="member not found")
    held.organization = organization
    return held


def _keep_an_owner(membership: Membership, what: str) -> None:
    if not is_last_owner(membership):
        return
    name = membership.organization.name
    raise LastOwner(
        f"{membership.user.name} is the last owner of {name} and {what}. "
        f"Make somebody else an owner first, or delete {name}."
    )


def _end(actor: Actor, action: Action, membership: Membership, what: str) -> None:
    _keep_an_owner(membership, what)
    _record(actor, action, membership, role=membership.role)
    User.objects.filter(pk=membership.user_id).update(had_organization=True)
    membership.delete()
    vouching.withdraw_lapsed(actor, membership.organization, membership.user)


def _set(membership: Membership, role: Role) -> None:
    membership.role = role
    membership.save(update_fields=["role"])


def _record(actor: Actor, action: Action, membership: Membership, **changes: object) -> None:
    audit.record(
        actor,
        action,
        organization_id=membership.organization_id,
        object_id=membership.user_id,
        object_label=membership.user.email,
        changes=changes,
    )
