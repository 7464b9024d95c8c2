"""Organizations that let in only whom their identity provider has signed in."""

import time

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import User
from orgs.models import Membership, Organization
from orgs.roles import Role
from sso import domains
from sso.models import IdentityProvider, Mode
from sso.refusals import SsoRequired

SECONDS_PER_HOUR = 3600


def refusal(membership: Membership, user: User) -> SsoRequired | None:
    """Object to a member who hasn't come through the provider, lately enough.

    Owners come in by every way, so that a provider that fails locks nobody out for good.
    """
    provider = getattr(membership.organization, "identity_provider", None)
    if provider is None or provider.mode != Mode.REQUIRED or membership.role == Role.OWNER:
        return None
    if _is_vouched(user, provider):
        return None
    name = membership.organization.name
    return SsoRequired(
        f"{name} lets its members in through {provider.name} only, and asks again after "
        f"{settings.SSO_SESSION_HOURS} hours. Sign in there in a browser. Programs use the "
        f"organization's API keys.",
        log=f"not vouched for by {provider.key}",
        details={"sign_in_url": sign_in_url(provider)},
    )


def refuse_other_ways(user: User) -> None:
    """Keep out, by a password and the like, whose organization signs its people in.

    That is whoever has an address at one of its domains and is a member, but no owner: a guest's
    account is their own. Raises SsoRequired.
    """
    for membership in _of_those_that_sign_in(user):
        if membership.role != Role.OWNER:
            raise _managed(membership.organization.identity_provider)


def gone_around(user: User) -> list[Organization]:
    """Return the organizations that somebody enters without their provider, as an owner."""
    own = _of_those_that_sign_in(user).filter(role=Role.OWNER).order_by("organization_id")
    return [membership.organization for membership in own]


def _of_those_that_sign_in(user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(
        user=user,
        organization__identity_provider__mode=Mode.REQUIRED,
        organization__email_domains__name=domains.of_address(user.email),
        organization__email_domains__approved_at__isnull=False,
    ).select_related("organization__identity_provider")


def sign_in_url(provider: IdentityProvider) -> str:
    """Return the page that leads to the provider."""
    return reverse("sso:start", args=[provider.key])


def _managed(provider: IdentityProvider) -> SsoRequired:
    return SsoRequired(
        f"{provider.organization.name} signs its people in through {provider.name}, so no other "
        "way in is open to you. Sign in there in a browser. Programs use the organization's API "
        "keys.",
        log=f"signed in by {provider.key} only",
        details={"sign_in_url": sign_in_url(provider)},
    )


def _is_vouched(user: User, provider: IdentityProvider) -> bool:
    at = user.vouchers.get(provider.key, 0.0)
    is_fresh = at > time.time() - settings.SSO_SESSION_HOURS * SECONDS_PER_HOUR
    # What somebody said before the connection changed, another provider may have said.
    return is_fresh and at >= provider.connected_at.timestamp()
