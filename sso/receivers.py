"""What single sign-on makes of what happens to people and organizations."""

from typing import Any

from allauth.account.signals import user_logged_in
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.signals import social_account_added
from django.dispatch import receiver
from django.http import HttpRequest

from accounts.actors import actor_of
from accounts.models import User
from accounts.signals import program_logged_in, signing_in
from audit.actors import Means
from orgs.models import Organization
from orgs.signals import organization_deleting
from sso import gate, joining, services, sources


@receiver(signing_in)
def keep_out(sender: object, user: User, provider: str | None, **_: Any) -> None:
    """Refuse passwords of people whom their organization signs in."""
    if provider is None:
        gate.refuse_other_ways(user)


@receiver(program_logged_in)
def note_program(sender: object, user: User, **_: Any) -> None:
    """Write down an owner's way around, once the second factor is proven as well."""
    joining.note_bypass(user, gate.gone_around(user))


@receiver(user_logged_in)
def note_browser(
    sender: object, user: User, sociallogin: SocialLogin | None = None, **_: Any
) -> None:
    """Do it for pages: whoever is logged in has proven everything, the second factor as well."""
    if sociallogin is None:
        joining.note_bypass(user, gate.gone_around(user))


@receiver(user_logged_in)
def join(
    sender: object,
    request: HttpRequest,
    user: User,
    sociallogin: SocialLogin | None = None,
    **_: Any,
) -> None:
    """Make who comes through an organization's provider a member of it."""
    source = sources.find(sociallogin.account.provider) if sociallogin else None
    if source is not None and source.row is not None:
        joining.join(actor_of(request, Means.DASHBOARD), source.row, user)


@receiver(social_account_added)
def settle_link(sender: object, sociallogin: SocialLogin, **_: Any) -> None:
    """Make an account that was found by its address wholly the person's."""
    source = sources.find(sociallogin.account.provider)
    if source is not None:
        joining.settle_link(source, sociallogin.user)


@receiver(organization_deleting)
def forget(sender: object, organization: Organization, **_: Any) -> None:
    services.forget(organization)
