"""What the link in an invitation opens, for whoever follows it.

The link's token is in the address once. The browser's session keeps its fingerprint, so that
people can log in or sign up on the way, and no page has the token in its address.
"""

from urllib.parse import urlencode
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.actors import actor_of, person
from accounts.models import User
from audit.actors import Means
from orgs.invitations import invitees
from orgs.invitations import links as invitation_links
from orgs.invitations import services as invitations
from orgs.models import Invitation
from orgs.roles import Role
from redisgate.lib import tokens

SESSION = "invitation"


@require_safe
@never_cache
def opened(request: HttpRequest) -> HttpResponse:
    """Show an invitation and the next step for whoever looks at it."""
    token = request.GET.get("token", "")
    if token:
        fingerprint = tokens.fingerprint(token)
        invitation_links.find(fingerprint)
        request.session[SESSION] = fingerprint
        return redirect("invitations:open")
    invitation = _opened(request)
    user = request.user if isinstance(request.user, User) else None
    values = {
        "invitation": invitation,
        "role": Role(invitation.role),
        "is_signed_in": user is not None,
        "is_for_me": user is not None and invitees.is_for(invitation, user),
        "has_account": user is None and invitees.account_of(invitation.email) is not None,
        "log_in_url": _back_from("account_login"),
    }
    return render(request, "orgs/invitation.html", values)


@require_POST
@login_required
def mine(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """Open an invitation to an address that the person has proven, without the link in its mail."""
    found = invitees.find_for(person(request), invitation)
    request.session[SESSION] = found.fingerprint
    return redirect("invitations:open")


@require_POST
@login_required
def accept(request: HttpRequest) -> HttpResponse:
    """Become a member."""
    fingerprint = _opened(request).fingerprint
    joined = invitations.accept(actor_of(request, Means.DASHBOARD), person(request), fingerprint)
    request.session.pop(SESSION, None)
    role = Role(joined.role)
    messages.success(request, f"Welcome to {joined.organization.name}. You are {role.noun} there.")
    return redirect("orgs:overview", org=joined.organization.slug)


@require_POST
@never_cache
def decline(request: HttpRequest) -> HttpResponse:
    """Say no, signed in or not."""
    invitation = _opened(request)
    address = request.META.get("REMOTE_ADDR") or None
    invitations.decline(invitation.fingerprint, means=Means.DASHBOARD, address=address)
    request.session.pop(SESSION, None)
    return render(request, "orgs/invitation_declined.html", {"invitation": invitation})


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Log out and in again with another account, and come back."""
    fingerprint = _opened(request).fingerprint
    logout(request)
    request.session[SESSION] = fingerprint
    return redirect(_back_from("account_login"))


@require_POST
def sign_up(request: HttpRequest) -> HttpResponse:
    """Make an account for the invited address, and come back.

    The link has verified the address where it came by mail.
    """
    email = _opened(request).email
    if not settings.HAS_MAIL_SERVER:
        return redirect(_back_from("account_signup", email=email))
    get_adapter().stash_verified_email(request, email)
    return redirect(_back_from("account_signup"))


def _opened(request: HttpRequest) -> Invitation:
    return invitation_links.find(request.session.get(SESSION, ""))


def _back_from(url_name: str, **more: str) -> str:
    return f"{reverse(url_name)}?{urlencode({'next': reverse('invitations:open'), **more})}"
