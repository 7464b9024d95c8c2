"""Pages of management keys."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import reauthentication
from accounts.actors import actor_of, person
from audit.actors import Means
from managementkeys import services
from managementkeys.access import find, keys_of
from managementkeys.forms import ManagementKeyForm
from orgs.access import Access, enter
from orgs.roles import Permission
from redisgate.lib import shown_once
from redisgate.lib.errors import RedisGateError


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def key_list(request: HttpRequest, org: str) -> HttpResponse:
    """Show the keys and the form for another; a new one is shown on a page of its own, once."""
    is_new = request.method == "POST"
    needed = Permission.MANAGEMENT_KEY_EDIT if is_new else Permission.MANAGEMENT_KEY_VIEW
    access = enter(person(request), org, needed)
    form = ManagementKeyForm(request.POST if is_new else None, role=access.role)
    if is_new and form.is_valid():
        return _create(request, access, form)
    return _list_page(request, access, form)


@require_safe
@never_cache
@login_required
def created(request: HttpRequest, org: str, key: UUID) -> HttpResponse:
    """Show the token of a new key; whoever loads the page again is told that it was shown."""
    access = enter(person(request), org, Permission.MANAGEMENT_KEY_EDIT)
    found = find(access, key)
    token = shown_once.read(request, found.fingerprint)
    answer = _page(request, access, "created", key=found, token=token)
    shown_once.forget(answer, page=request.path)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def revoke(request: HttpRequest, org: str, key: UUID) -> HttpResponse:
    """Ask once more, then end the key."""
    access = enter(person(request), org, Permission.MANAGEMENT_KEY_EDIT)
    found = find(access, key)
    if request.method != "POST":
        return _page(request, access, "revoke", key=found)
    services.revoke(actor_of(request, Means.DASHBOARD), access, found)
    messages.success(request, f"The management key “{found.name}” is revoked.")
    return redirect("managementkeys:list", org=access.organization.slug)


@reauthentication.required
def _create(request: HttpRequest, access: Access, form: ManagementKeyForm) -> HttpResponse:
    try:
        key, token = services.create(actor_of(request, Means.DASHBOARD), access, **form.wish())
    except RedisGateError as refusal:
        form.add_error(None, refusal.message)
        return _list_page(request, access, form)
    page = reverse("managementkeys:created", args=[access.organization.slug, key.pk])
    return shown_once.redirect_to(page, token)


def _list_page(request: HttpRequest, access: Access, form: ManagementKeyForm) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return _page(request, access, "list", status=status, keys=keys_of(access)[:200], form=form)


def _page(
    request: HttpRequest, access: Access, name: str, *, status: int = 200, **values: object
) -> HttpResponse:
    context = {
        "organization": access.organization,
        "section": "settings",
        "may_edit": access.may(Permission.MANAGEMENT_KEY_EDIT),
        **values,
    }
    return render(request, f"managementkeys/{name}.html", context, status=status)
