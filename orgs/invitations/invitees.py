"""For whom an invitation is: whoever reads the mail of its address."""

from uuid import UUID

from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from orgs.models import Invitation
from orgs.refusals import WrongInvitee
from redisgate.lib.errors import NotFound


def account_of(email: str) -> User | None:
    """Find whose account has this address."""
    return User.objects.filter(email__iexact=email).first()


def is_for(invitation: Invitation, user: User) -> bool:
    if user.email.lower() == invitation.email:
        return True
    theirs = EmailAddress.objects.filter(user=user, verified=True)
    return bool(theirs.filter(email__iexact=invitation.email).exists())


def waiting_for(user: User) -> list[Invitation]:
    """Find open invitations to the addresses that a person has proven to be theirs.

    An address that nobody has verified may be somebody else's, who alone may know.
    """
    proven = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    addresses = [email.lower() for email in proven]
    if not addresses:
        return []
    waiting = Invitation.objects.filter(email__in=addresses, expires_at__gt=timezone.now())
    waiting = waiting.filter(organization__deleting_since=None).exclude(
        organization__memberships__user=user
    )
    return list(waiting.select_related("organization", "invited_by").order_by("sent_at"))


def find_for(user: User, invitation_id: UUID) -> Invitation:
    """Find one of those. Raises NotFound."""
    found = next((each for each in waiting_for(user) if each.pk == invitation_id), None)
    if found is None:
        raise NotFound("There is no such invitation for you.", log="invitation not found")
    return found


def refuse_others(invitation: Invitation, user: User) -> None:
    """Raise WrongInvitee for who is signed in with another address."""
    if not is_for(invitation, user):
        raise WrongInvitee(
            f"This invitation is for {invitation.email}, and you are signed in as {user.email}. "
            f"Log in with the account of {invitation.email}, or ask for an invitation to "
            f"{user.email}.",
            log="invitation for another address",
        )


def verify_address(user: User, email: str) -> None:
    """Note that this address is theirs, where the link came in a mail to it.

    Without a mail server whoever invites passes the link on, and could use it themselves.
    """
    if not settings.HAS_MAIL_SERVER:
        return
    verified = EmailAddress.objects.filter(email__iexact=email, verified=True)
    if user.email.lower() != email or verified.exists():
        return
    EmailAddress.objects.update_or_create(
        user=user,
        email__iexact=email,
        defaults={"verified": True},
        create_defaults={"email": email, "verified": True, "primary": True},
    )
