"""What people can do about their accounts from a program.

The rules are those of the pages, because allauth's own form and adapter apply them here too.
"""

from dataclasses import dataclass, field

from allauth.account.adapter import get_adapter
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from accounts import (
    access_tokens,
    devices,
    email_addresses,
    limits,
    program_tokens,
    refresh_tokens,
    second_factor,
)
from accounts.forms import SignupForm
from accounts.models import User
from accounts.refresh_tokens import UNKNOWN, Renewal, Visit
from accounts.refusals import AccountInactive, WrongCredentials
from accounts.signals import program_logged_in, signing_in
from audit import services as audit
from audit.actions import Action
from audit.actors import Actor, Means
from redisgate.lib.errors import InvalidInput
from redisgate.lib.write_lock import retried_when_locked


@dataclass(frozen=True, slots=True)
class TokenPair:
    """An access token for now and a refresh token for later."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)


@retried_when_locked
def register(request: HttpRequest, *, email: str, username: str, password: str) -> User:
    """Make an account by the rules of the sign-up page.

    Where addresses are confirmed, one that is taken is answered like any other, and its owner
    gets a mail: what is returned then was never saved. Raises InvalidInput with the fields, or
    TooManyAttempts.
    """
    limits.count(request, "signup")
    form = SignupForm(data={"email": email, "username": username, "password1": password})
    if not form.is_valid():
        raise _invalid({_our_name(field): list(words) for field, words in form.errors.items()})
    if form.account_already_exists:
        return _pretend(request, form.cleaned_data)
    try:
        with transaction.atomic():
            user = form.save(request)
    except IntegrityError as error:
        # Somebody registered the same between the check and the insert; the index has decided.
        field = "email" if "email" in str(error) else "username"
        raise _invalid({field: [get_adapter().error_messages[f"{field}_taken"]]}) from error
    assert isinstance(user, User)
    email_addresses.welcome(request, user)
    return user


def _pretend(request: HttpRequest, wish: dict[str, str]) -> User:
    nobody = User(email=wish["email"].lower(), username=wish["username"])
    nobody.set_password(wish["password1"])  # it takes as long as a real one
    email_addresses.tell_owner(request, nobody.email)
    return nobody


def log_in(
    request: HttpRequest, *, email: str, password: str, totp: str = "", recovery_code: str = ""
) -> User:
    """Return the person with these credentials.

    Takes as long for an unknown address as for a wrong password. Raises WrongCredentials,
    AccountInactive, EmailUnconfirmed, MfaRequired, WrongCode or TooManyAttempts.
    """
    limits.count(request, "login")
    adapter = get_adapter()
    user = adapter.authenticate(request, email=email.strip().lower(), password=password)
    if user is None:
        raise WrongCredentials(adapter.error_messages["email_password_mismatch"])
    assert isinstance(user, User)
    if not user.is_active:
        raise AccountInactive("This account was switched off. Ask your operator.")
    signing_in.send(sender=None, user=user, provider=None)
    email_addresses.require_confirmed(request, user)
    second_factor.check(request, user, totp=totp, recovery_code=recovery_code)
    program_logged_in.send(sender=None, user=user)
    _note_sign_in(user, visit_of(request))
    return user


@retried_when_locked
def _note_sign_in(user: User, visit: Visit) -> None:
    actor = Actor(user_id=user.id, label=user.email, means=Means.API, address=visit.address or None)
    audit.record(
        actor,
        Action.ACCOUNT_SIGN_IN,
        organization_id=None,
        object_id=user.id,
        object_label=user.email,
        changes={"client": devices.name_of(visit.client)},
    )


def prove(
    request: HttpRequest, user: User, *, password: str, totp: str = "", recovery_code: str = ""
) -> None:
    """Let a program on that knows the person's password, and a code where there is one.

    Raises WrongCredentials, MfaRequired, WrongCode or TooManyAttempts.
    """
    adapter = get_adapter()
    if not user.has_usable_password():
        raise WrongCredentials("This account has no password. Do it in the dashboard.")
    if not adapter.reauthenticate(user, password):
        raise WrongCredentials("This is not the password of this account.")
    second_factor.check(request, user, totp=totp, recovery_code=recovery_code)


@retried_when_locked
def issue_tokens(user: User, visit: Visit = UNKNOWN) -> TokenPair:
    """Give a program what it needs to act as this person."""
    with transaction.atomic():
        return _pair(refresh_tokens.begin(user, visit))


def refresh(token: str, visit: Visit = UNKNOWN) -> TokenPair:
    """Exchange a refresh token, which ends with it.

    Raises RefreshTokenUnknown or RefreshTokenReused.
    """
    return _pair(program_tokens.renew(token, visit))


def visit_of(request: HttpRequest) -> Visit:
    """Say which program asks, and from where."""
    return Visit(
        address=request.META.get("REMOTE_ADDR") or "",
        client=request.headers.get("User-Agent", ""),
    )


def _pair(renewal: Renewal) -> TokenPair:
    family = renewal.family
    assert renewal.token is not None
    return TokenPair(access=access_tokens.issue(family.user, family.id), refresh=renewal.token)


def _our_name(field: str) -> str:
    return {"password1": "password", "__all__": "non_field_errors"}.get(field, field)


def _invalid(fields: dict[str, list[str]]) -> InvalidInput:
    name, words = next(iter(fields.items()))
    return InvalidInput(f"{name}: {words[0]}", details={"errors": fields})
