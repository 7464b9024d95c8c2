"""For whom an invitation is: whoever reads the mail of its address."""

from allauth.account.models import EmailAddress
from django.conf import settings

from accounts.models import User
from orgs.models import Invitation
from orgs.refusals import WrongInvitee


def account_of(email: str) -> User | None:
    """Find whose account has this address."""
    return User.objects.filter(email__iexact=email).first()


def is_for(invitation: Invitation, user: User) -> bool:
    if user.email.lower() == invitation.email:
        return True
    theirs = EmailAddress.objects.filter(user=user, verified=True)
    return bool(theirs.filter(email__iexact=invitation.email).exists())


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
