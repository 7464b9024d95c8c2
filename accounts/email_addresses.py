"""A person's email address, and the one that it is about to become.

There is one address a person: the one they log in with. Another one waits beside it until
somebody who reads mail there says so; only then it takes the first one's place.
"""

from allauth.account.adapter import get_adapter
from allauth.account.app_settings import EmailVerificationMethod
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.http import HttpRequest

from accounts import limits
from accounts.models import User
from accounts.refusals import EmailUnconfirmed
from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from redisgate.lib.errors import Conflict, InvalidInput
from redisgate.lib.write_lock import retried_when_locked


def must_be_confirmed() -> bool:
    return bool(settings.ACCOUNT_EMAIL_VERIFICATION == EmailVerificationMethod.MANDATORY)


@retried_when_locked
def current(user: User) -> EmailAddress:
    """Return the address that the person logs in with; accounts made by a command have no row."""
    mine = EmailAddress.objects.filter(user=user)
    address, _ = mine.get_or_create(
        user=user,
        email=user.email.lower(),
        defaults={"primary": not mine.filter(primary=True).exists()},
    )
    return address


def pending(user: User) -> EmailAddress | None:
    """Return the address that waits to be confirmed."""
    others = EmailAddress.objects.filter(user=user, verified=False)
    return others.exclude(email=user.email.lower()).order_by("pk").last()


def is_anothers(user: User, email: str) -> bool:
    """Say whether somebody else has it. Where it only waits, it is nobody's yet."""
    people = User.objects.filter(email__iexact=email).exclude(pk=user.pk)
    confirmed = EmailAddress.objects.filter(email=email.lower(), verified=True)
    return bool(people.exists() or confirmed.exclude(user=user).exists())


def only_waits(email: str) -> bool:
    """Say whether it waits somewhere, and is nobody's: whoever asks first doesn't keep it."""
    is_somebodys = User.objects.filter(email__iexact=email).exists()
    rows = EmailAddress.objects.filter(email=email.lower())
    return rows.exists() and not is_somebodys and not rows.filter(verified=True).exists()


def forget_where_it_waits(email: str) -> None:
    """Give way to an account of this address: no link could confirm it elsewhere any more."""
    if only_waits(email):
        EmailAddress.objects.filter(email=email.lower(), verified=False).delete()


@retried_when_locked
def ask_for_change(actor: Actor, request: HttpRequest, user: User, email: str) -> None:
    """Write to a new address, which takes the old one's place when the link in the mail is opened.

    An address that waited before is forgotten. Raises InvalidInput.
    """
    email = _checked(user, email)
    current(user)
    with transaction.atomic():
        others = EmailAddress.objects.filter(user=user, verified=False)
        others.exclude(email=user.email.lower()).delete()
        address = EmailAddress.objects.create(user=user, email=email)
        _record(actor, Action.ACCOUNT_ASK_EMAIL_CHANGE, user, {"to": email})
    _send(request, address)


@retried_when_locked
def withdraw_change(actor: Actor, user: User) -> None:
    """Forget the address that waits; without one there is nothing to do."""
    address = pending(user)
    if address is None:
        return
    with transaction.atomic():
        address.delete()
        _record(actor, Action.ACCOUNT_WITHDRAW_EMAIL_CHANGE, user, {"to": address.email})


def send_again(request: HttpRequest, user: User) -> str:
    """Write once more to the address that waits, or to an unconfirmed one, and return it.

    Raises Conflict where none waits, or where a mail has just been sent.
    """
    address = pending(user) or current(user)
    if address.verified:
        raise Conflict(f"{address.email} is confirmed already.")
    if not _send(request, address):
        left = limits.seconds_left(request, "confirm_email", key=address.email.lower())
        raise Conflict(
            f"A link was sent to {address.email} just now. Look there, also among spam, "
            f"or ask again in {limits.spoken(left)}.",
            retry_after_seconds=left,
        )
    return str(address.email)


def welcome(request: HttpRequest, user: User) -> None:
    """Write to somebody whom a program has signed up, as the sign-up page does."""
    address = current(user)
    if get_adapter(request).should_send_confirmation_mail(request, address, signup=True):
        send_verification_email_to_address(request, address, signup=True)


def tell_owner(request: HttpRequest, email: str) -> None:
    """Write to whoever has this address that somebody tried to sign up with it."""
    send_verification_email_to_address(request, EmailAddress(email=email), signup=True)


def take_word_for(user: User) -> None:
    """Confirm an address that no mail can reach; whoever runs commands here vouches for it."""
    address = current(user)
    if not address.verified:
        address.verified = True
        address.save(update_fields=["verified"])


def require_confirmed(request: HttpRequest, user: User) -> None:
    """Refuse programs where the platform asks for confirmed addresses, and write once more.

    Raises EmailUnconfirmed.
    """
    if not must_be_confirmed():
        return
    address = current(user)
    if not address.verified:
        _send(request, address)
        raise EmailUnconfirmed(
            f"Open the link in the mail to {address.email} first, then log in again."
        )


def _send(request: HttpRequest, address: EmailAddress) -> bool:
    return bool(send_verification_email_to_address(request, address))


def _checked(user: User, email: str) -> str:
    email = email.strip().lower()
    words = get_adapter().error_messages
    problem = ""
    try:
        validate_email(email)
    except ValidationError:
        problem = "Enter an email address, such as you@example.com."
    if email == user.email.lower():
        problem = "This is your address already."
    elif not problem and is_anothers(user, email):
        problem = str(words["email_of_another"])
    if problem:
        raise InvalidInput.in_field("email", problem)
    return email


def _record(actor: Actor, action: Action, user: User, changes: dict[str, object]) -> None:
    audit.record(
        actor,
        action,
        organization_id=None,
        object_id=user.id,
        object_label=user.email,
        changes=changes,
    )
