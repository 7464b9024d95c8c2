"""From a provider's answer to somebody who is let in, or to a refusal in words."""

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialLogin
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

from accounts import email_addresses
from accounts.actors import actor_of, person
from accounts.models import User
from audit.actors import Means
from orgs import access
from orgs.models import Membership
from orgs.roles import Permission
from sso import claims, oidc, rules, services, sources
from sso.refusals import SignInRefused
from sso.sources import Source

LOGIN = "login"
TEST = "redirect"
"""django-allauth's word for a sign-in that ends without one: we try a provider out with it."""


def judge(request: HttpRequest, login: SocialLogin) -> None:
    """Let a login go on, or raise SignInRefused. Called for each, first and repeated ones."""
    process = login.state.get("process")
    if not oidc.is_answer_to(login):
        raise SignInRefused(
            "The identity provider answered another request than yours. Sign in again.",
            log="nonce of another request",
        )
    if process == TEST and login.state.get("data"):
        _note_test(request, login)
    elif process == LOGIN:
        _admit(login)
    else:
        raise SignInRefused(
            "Accounts are linked by signing in, not by hand.",
            log=f"process {process} isn't offered",
        )


def address(login: SocialLogin) -> str:
    """Return the address that is spoken for. Raises SignInRefused."""
    source = _source(login)
    if not source.is_on:
        raise SignInRefused(
            f"Signing in through {source.name} is switched off. Log in with your password instead.",
            log="provider is off",
        )
    return rules.address(claims.of(login, source.protocol), source.speaker())


def _admit(login: SocialLogin) -> None:
    spoken_for = address(login)
    source = _source(login)
    if login.is_existing:
        rules.account(_account(login, source), source.speaker())
    else:
        email_addresses.forget_where_it_waits(spoken_for)
        # Nothing else that the provider said of addresses goes into the account.
        login.user.email = spoken_for
        login.email_addresses = [EmailAddress(email=spoken_for, verified=True, primary=True)]
    if source.row is not None:
        home = reverse("orgs:overview", args=[source.row.organization.slug])
        login.state.setdefault("next", home)


def _account(login: SocialLogin, source: Source) -> rules.Account:
    user = login.user
    assert isinstance(user, User)
    return rules.Account(
        address=user.email,
        is_operator=user.is_staff or user.is_superuser,
        is_linked=not login._did_authenticate_by_email,
        is_known=_is_known(user, source),
    )


def _is_known(user: User, source: Source) -> bool:
    if EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists():
        return True
    if source.row is None:
        return True  # the operator's own provider stands for the operator
    return Membership.objects.filter(user=user, organization_id=source.row.organization_id).exists()


def _note_test(request: HttpRequest, login: SocialLogin) -> None:
    """Write down that the provider answers, in the name of the owner who tried it."""
    source = _source(login)
    assert source.row is not None  # only organizations' are tried out
    entered = access.enter(person(request), source.row.organization_id, Permission.SSO_MANAGE)
    claim = claims.of(login, source.protocol)
    services.note_test(actor_of(request, Means.DASHBOARD), source.row, claim.address)
    said = claim.address or "nobody's address"
    messages.success(
        request, f"{source.name} works for {entered.organization.name}: it signed in {said}."
    )


def _source(login: SocialLogin) -> Source:
    source = sources.find(login.account.provider)
    if source is None:
        raise SignInRefused("This identity provider isn't connected any more.", log="unknown key")
    return source
