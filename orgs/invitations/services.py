"""What can be done to invitations."""

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from audit import services as audit
from audit.actions import Action
from audit.actors import Actor, Means
from mail import messages
from orgs import lock
from orgs.invitations import invitees
from orgs.invitations import limits as invitation_limits
from orgs.invitations import links as invitation_links
from orgs.members import ranks
from orgs.members import services as members
from orgs.models import Ending, Invitation, Membership, Organization
from orgs.roles import Role
from redisgate.lib.errors import Conflict, InvalidInput, NotFound
from redisgate.lib.write_lock import retried_when_locked

LONGEST_ADDRESS = 254
EXPIRED_KEPT = timedelta(days=30)
"""How long an expired invitation stays listed, to be sent again."""


@retried_when_locked
def invite(actor: Actor, organization: Organization, *, email: str, role: Role) -> Invitation:
    """Invite whoever reads the mail of an address.

    Raises InvalidInput, Forbidden, Conflict for members and the invited, TooManyInvitations.
    """
    email = _address(email)
    with transaction.atomic():
        held = lock.hold(organization.pk)
        ranks.refuse_beyond(actor, held, role)
        _refuse_member(held, email)
        _make_room(held, email)
        invitation = Invitation(
            organization=held, email=email, role=role, invited_by_id=actor.user_id
        )
        invitation_links.renew(invitation)
        invitation.save()
        _send(actor, Action.INVITATION_CREATE, invitation)
    return invitation


@retried_when_locked
def resend(actor: Actor, invitation: Invitation) -> Invitation:
    """Send it again with a new link and all of its time; the former link ends.

    Who sends it vouches for it from then on. Raises Forbidden, TooManyInvitations, NotFound.
    """
    with transaction.atomic():
        held = _hold(invitation)
        ranks.refuse_beyond(actor, held.organization, Role(held.role))
        if held.is_expired:
            invitation_limits.refuse_more_open(held.organization)
        invitation_links.remember(held.fingerprint, Ending.REPLACED)
        invitation_links.renew(held)
        held.invited_by_id = actor.user_id
        held.save(update_fields=["fingerprint", "sent_at", "expires_at", "invited_by"])
        _send(actor, Action.INVITATION_RESEND, held)
    return held


@retried_when_locked
def withdraw(actor: Actor, invitation: Invitation) -> None:
    """Take it back; its link opens nothing from now on. Raises Forbidden, NotFound."""
    with transaction.atomic():
        held = _hold(invitation)
        ranks.refuse_beyond(actor, held.organization, Role(held.role))
        _record(actor, Action.INVITATION_WITHDRAW, held)
        invitation_links.end(held, Ending.WITHDRAWN)


def withdraw_many(actor: Actor, invitations: Iterable[Invitation]) -> int:
    """Take many back like `withdraw`, and tell how many still waited. Raises Forbidden."""
    return sum(_withdraw_waiting(actor, each) for each in invitations)


def _withdraw_waiting(actor: Actor, invitation: Invitation) -> bool:
    try:
        withdraw(actor, invitation)
    except NotFound:
        return False  # answered meanwhile, or withdrawn by somebody else
    return True


@retried_when_locked
def accept(actor: Actor, user: User, fingerprint: str) -> Membership:
    """Let the invited person in; their address is verified by the link.

    Who is a member already keeps their role. Raises InvitationOver, WrongInvitee,
    OrganizationSuspended.
    """
    with transaction.atomic():
        invitation = _hold_by_link(fingerprint)
        invitees.refuse_others(invitation, user)
        invitees.verify_address(user, invitation.email)
        _record(actor, Action.INVITATION_ACCEPT, invitation)
        membership = members.add_member(actor, invitation.organization, user, Role(invitation.role))
        invitation_links.end(invitation, Ending.ACCEPTED)
    return membership


@retried_when_locked
def decline(fingerprint: str, *, means: Means, address: str | None) -> None:
    """Say no, for which nobody has to sign in: the link is proof enough. Raises InvitationOver."""
    with transaction.atomic():
        invitation = _hold_by_link(fingerprint)
        whoever = Actor(user_id=None, label=invitation.email, means=means, address=address)
        _record(whoever, Action.INVITATION_DECLINE, invitation)
        invitation_links.end(invitation, Ending.DECLINED)


def _address(text: str) -> str:
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        words = "Enter an email address, such as ada@example.com."
        raise InvalidInput.in_field("email", words) from None
    if len(email) > LONGEST_ADDRESS:
        words = f"Enter an email address of at most {LONGEST_ADDRESS} characters."
        raise InvalidInput.in_field("email", words)
    return email


def _refuse_member(organization: Organization, email: str) -> None:
    if organization.memberships.filter(user__email__iexact=email).exists():
        raise Conflict(f"{email} is a member of {organization.name} already.")


def _make_room(organization: Organization, email: str) -> None:
    """Let go of what has expired, of this address or long ago. Raises Conflict for an open one."""
    former = organization.invitations.filter(email=email).first()
    if former is not None and not former.is_expired:
        raise Conflict(
            f"{email} is invited already. Send that invitation again, or withdraw it first."
        )
    long_ago = Q(expires_at__lt=timezone.now() - EXPIRED_KEPT)
    for expired in organization.invitations.filter(long_ago | Q(email=email)):
        invitation_links.end(expired, Ending.EXPIRED)
    invitation_limits.refuse_more_open(organization)


def _hold(invitation: Invitation) -> Invitation:
    """Read an invitation anew, under the lock of its organization."""
    organization = lock.hold(invitation.organization_id)
    held = organization.invitations.filter(pk=invitation.pk).first()
    if held is None:
        raise NotFound(
            "There is no such invitation. It may have been answered.", log="invitation not found"
        )
    return held


def _hold_by_link(fingerprint: str) -> Invitation:
    """Do it for whoever has the link: of two answers at once the later finds it ended."""
    lock.hold(invitation_links.find(fingerprint).organization_id)
    return invitation_links.find(fingerprint)


def _send(actor: Actor, action: Action, invitation: Invitation) -> None:
    invitation_limits.count_mail(actor, invitation.organization, invitation.email)
    _record(actor, action, invitation)
    context = {
        "organization": invitation.organization.name,
        "inviter": _name_of(actor),
        "role": Role(invitation.role).noun,
        "url": invitation_links.url(invitation.token),
        "days": invitation_links.LIFETIME.days,
        "email": invitation.email,
    }
    messages.send("orgs/email/invitation", to=invitation.email, context=context)


def _name_of(actor: Actor) -> str:
    """Give the name and the address: anybody can show any name."""
    inviter = User.objects.filter(pk=actor.user_id).first() if actor.user_id else None
    return actor.label if inviter is None else f"{inviter.name} ({inviter.email})"


def _record(actor: Actor, action: Action, invitation: Invitation) -> None:
    audit.record(
        actor,
        action,
        organization_id=invitation.organization_id,
        object_id=invitation.pk,
        object_label=invitation.email,
        changes={"role": invitation.role},
    )
