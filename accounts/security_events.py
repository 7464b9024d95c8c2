"""Write down what allauth does to accounts: passwords, addresses, second factors."""

from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import (
    email_changed,
    email_confirmed,
    password_changed,
    password_reset,
    password_set,
    user_logged_in,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import devices, vouchers
from accounts.models import User
from audit import services as audit
from audit.actions import Action
from audit.actors import Actor, Means
from redisgate.lib.write_lock import retried_when_locked


@receiver(user_logged_in)
def note_sign_in(sender: object, request: HttpRequest, user: User, **_: Any) -> None:
    """Write down where and how somebody came in, once every factor is proven."""
    known = request.session.get(vouchers.RECORDS_KEY, ())
    ways = [str(each.get("provider") or each.get("type") or each["method"]) for each in known]
    agent = request.headers.get("User-Agent", "")
    changes = {"device": devices.name_of(agent), "ways": ways}
    _record(request, user, Action.ACCOUNT_SIGN_IN, changes)


@receiver([password_changed, password_set])
def note_changed_password(sender: object, request: HttpRequest, user: User, **_: Any) -> None:
    _record(request, user, Action.ACCOUNT_CHANGE_PASSWORD)


@receiver(password_reset)
def note_reset_password(sender: object, request: HttpRequest, user: User, **_: Any) -> None:
    _record(request, user, Action.ACCOUNT_RESET_PASSWORD)


@receiver(email_confirmed)
def note_confirmed_address(
    sender: object, request: HttpRequest, email_address: EmailAddress, **_: Any
) -> None:
    changes = {"email": email_address.email}
    _record(request, email_address.user, Action.ACCOUNT_CONFIRM_EMAIL, changes)


@receiver(email_changed)
def note_changed_address(
    sender: object,
    request: HttpRequest,
    user: User,
    from_email_address: EmailAddress | None,
    to_email_address: EmailAddress,
    **_: Any,
) -> None:
    if from_email_address is not None:  # otherwise the first one was confirmed
        changes = {"before": from_email_address.email, "after": to_email_address.email}
        _record(request, user, Action.ACCOUNT_CHANGE_EMAIL, changes)


@receiver(authenticator_added)
def note_added_factor(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    _record(request, user, Action.ACCOUNT_ADD_SECOND_FACTOR, _shown(authenticator))


@receiver(authenticator_removed)
def note_removed_factor(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    _record(request, user, Action.ACCOUNT_REMOVE_SECOND_FACTOR, _shown(authenticator))


@receiver(authenticator_reset)
def note_renewed_codes(sender: object, request: HttpRequest, user: User, **_: Any) -> None:
    _record(request, user, Action.ACCOUNT_RENEW_RECOVERY_CODES)


@receiver(authenticator_used)
def note_used_code(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    """Write down that a recovery code opened the account: there is one fewer, or a thief."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        agent = request.META.get("HTTP_USER_AGENT", "")
        changes = {"device": devices.name_of(agent)}
        _record(request, user, Action.ACCOUNT_USE_RECOVERY_CODE, changes)


def _shown(authenticator: Authenticator) -> dict[str, object]:
    """Say which, and nothing of what it knows."""
    is_passkey = authenticator.type == Authenticator.Type.WEBAUTHN
    named = {"name": str(authenticator)} if is_passkey else {}
    return {"type": authenticator.type, **named}


@retried_when_locked
def _record(
    request: HttpRequest, user: User, action: Action, changes: Mapping[str, object] | None = None
) -> None:
    # Whoever follows a link in a mail isn't logged in: the actor is the account's owner.
    actor = Actor(
        user_id=user.id,
        label=user.email,
        means=Means.DASHBOARD,
        address=request.META.get("REMOTE_ADDR") or None,
    )
    audit.record(
        actor,
        action,
        organization_id=None,
        object_id=user.id,
        object_label=user.email,
        changes=changes,
    )
