"""The settings page of single sign-on."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts.actors import actor_of, person
from accounts.models import User
from audit.actors import Means
from orgs import access
from orgs.access import Access
from orgs.roles import Permission, Role
from redisgate.lib import form_refusals
from redisgate.lib.errors import Conflict, InvalidInput
from sso import connecting, domain_services, services, sources
from sso.access import domain_of
from sso.admission import TEST
from sso.forms import DomainForm, OidcForm, PolicyForm, SamlForm
from sso.models import IdentityProvider, Mode, Protocol
from sso.presentation import page_context
from sso.refusals import NotReady
from sso.services import Connection
from sso.sign_in import hand_over


@require_safe
@login_required
def page(request: HttpRequest, org: str) -> HttpResponse:
    """Show how single sign-on stands, and what to do next."""
    return _page(request, _enter(request, org, Permission.SSO_VIEW))


@require_POST
@login_required
@sensitive_post_parameters("client_secret")
def connect_oidc(request: HttpRequest, org: str) -> HttpResponse:
    """Connect an OpenID provider, or change the connection."""
    entered = _enter(request, org)
    form = OidcForm(request.POST, has_secret=_has_secret(entered))
    if form.is_valid():
        try:
            wish = connecting.oidc(entered.organization, **form.cleaned_data)
        except InvalidInput as refusal:
            form_refusals.show(refusal, form)
        else:
            return _connected(request, entered, wish)
    return _page(request, entered, oidc_form=form, protocol=Protocol.OIDC)


@require_POST
@login_required
def connect_saml(request: HttpRequest, org: str) -> HttpResponse:
    """Connect a SAML provider, or change the connection."""
    entered = _enter(request, org)
    form = SamlForm(request.POST)
    if form.is_valid():
        try:
            wish = connecting.saml(entered.organization, **form.cleaned_data)
        except InvalidInput as refusal:
            form_refusals.show(refusal, form)
        else:
            return _connected(request, entered, wish)
    return _page(request, entered, saml_form=form, protocol=Protocol.SAML)


@require_POST
@login_required
def test(request: HttpRequest, org: str) -> HttpResponse:
    """Go to the provider and come back, without being signed in by it."""
    entered = _enter(request, org)
    row = IdentityProvider.objects.filter(organization=entered.organization).first()
    if row is None:
        raise NotReady("Connect an identity provider first.", log="no identity provider")
    return hand_over(
        request,
        sources.of(row),
        process=TEST,
        next_url=reverse("sso_settings:page", args=[org]),
        data={"is_test": True},
    )


@require_POST
@login_required
def set_policy(request: HttpRequest, org: str) -> HttpResponse:
    """Say who gets in through the provider, and as what."""
    entered = _enter(request, org)
    form = PolicyForm(request.POST)
    if form.is_valid():
        try:
            services.set_policy(
                actor_of(request, Means.DASHBOARD),
                entered.organization,
                mode=Mode(form.cleaned_data["mode"]),
                default_role=Role(form.cleaned_data["default_role"]),
            )
        except NotReady as refusal:
            form_refusals.show(refusal, form)
        else:
            return _saved(request, org, "Saved.")
    return _page(request, entered, policy_form=form)


@require_POST
@login_required
def disconnect(request: HttpRequest, org: str) -> HttpResponse:
    """End single sign-on."""
    entered = _enter(request, org)
    services.disconnect(actor_of(request, Means.DASHBOARD), entered.organization)
    return _saved(request, org, "The identity provider is disconnected.")


@require_POST
@login_required
def claim_domain(request: HttpRequest, org: str) -> HttpResponse:
    """Add a domain; one that an operator adds is approved with it."""
    entered = _enter(request, org)
    actor = actor_of(request, Means.DASHBOARD)
    form = DomainForm(request.POST)
    if form.is_valid():
        try:
            domain = domain_services.claim(actor, entered.organization, form.cleaned_data["domain"])
            if _is_operator(entered.user):
                domain_services.approve(actor, domain, operator=entered.user)
        except (InvalidInput, Conflict) as refusal:
            form_refusals.show(refusal, form)
        else:
            return _saved(request, org, f"{domain.name} is added.")
    return _page(request, entered, domain_form=form)


@require_POST
@login_required
def remove_domain(request: HttpRequest, org: str, domain: UUID) -> HttpResponse:
    """Take a domain back."""
    found = domain_of(_enter(request, org), domain)
    domain_services.remove(actor_of(request, Means.DASHBOARD), found)
    return _saved(request, org, f"{found.name} is removed.")


def _connected(request: HttpRequest, entered: Access, wish: Connection) -> HttpResponse:
    row = services.connect(actor_of(request, Means.DASHBOARD), entered.organization, wish)
    words = "Saved." if row.tested_at else f"{row.name} is connected. Test the sign-in next."
    return _saved(request, entered.organization.slug, words)


def _saved(request: HttpRequest, org: str, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("sso_settings:page", org=org)


def _enter(
    request: HttpRequest, org: str, permission: Permission = Permission.SSO_MANAGE
) -> Access:
    return access.enter(person(request), org, permission)


def _has_secret(entered: Access) -> bool:
    return IdentityProvider.objects.filter(
        organization=entered.organization, protocol=Protocol.OIDC
    ).exists()


def _is_operator(user: User) -> bool:
    return user.is_staff and user.is_active


def _page(request: HttpRequest, entered: Access, **forms: Any) -> HttpResponse:
    is_refused = any(isinstance(form, Form) and form.errors for form in forms.values())
    context = {**page_context(entered, protocol=request.GET.get("protocol", "")), **forms}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, "sso/settings.html", context, status=status)
