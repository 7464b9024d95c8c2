"""Pages of management keys."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts import reauthentication
from accounts.actors import actor_of, person
from audit.actors import Means
from managementkeys import listing, services
from managementkeys.access import find, keys_of
from managementkeys.forms import ManagementKeyForm
from orgs.access import Access, enter
from orgs.roles import Permission
from redisgate.lib import chosen, shown_once
from redisgate.lib.errors import RedisGateError
from redisgate.lib.htmx import is_htmx
from redisgate.lib.units import counted

TYPED = "revoke"
"""The word that is typed before many keys go."""


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


@require_POST
@never_cache
@login_required
def revoke_many(request: HttpRequest, org: str) -> HttpResponse:
    """Name the ticked keys and have the word typed, then end them."""
    access = enter(person(request), org, Permission.MANAGEMENT_KEY_EDIT)
    ids = chosen.ids(request, "key")
    page = reverse("managementkeys:list", args=[access.organization.slug])
    if not ids:
        return chosen.nothing(request, "key", page)
    keys = list(keys_of(access).filter(pk__in=ids, revoked_at=None))
    if not chosen.is_confirmed(request, TYPED):
        question = chosen.Question(
            title=f"Revoke {counted(len(keys), 'management key')}?",
            words="Programs that sign in with them are refused from their next request on. What "
            "they made stays.",
            label="Revoke the keys",
            rows=chosen.names((key.pk, f"{key.name} ({key.hint})") for key in keys),
            typed=TYPED,
            is_wrong="confirmed" in request.POST,
        )
        shell = _shell(access)
        return chosen.ask(request, question, name="key", page=page, shell=shell)
    actor = actor_of(request, Means.DASHBOARD)
    number = sum(services.revoke(actor, access, key) for key in keys)
    messages.success(request, _said(number))
    return HttpResponseClientRedirect(page) if is_htmx(request) else redirect(page)


def _said(number: int) -> str:
    if number == 0:
        return "Somebody else has revoked them already."
    return f"{counted(number, 'management key')} {'is' if number == 1 else 'are'} revoked."


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
    values = listing.context(access, request.GET)
    return _page(request, access, "list", status=status, form=form, **values)


def _page(
    request: HttpRequest, access: Access, name: str, *, status: int = 200, **values: object
) -> HttpResponse:
    context = {**_shell(access), **values}
    return render(request, f"managementkeys/{name}.html", context, status=status)


def _shell(access: Access) -> dict[str, object]:
    """Give what each page of this room needs."""
    return {
        "organization": access.organization,
        "section": "settings",
        "may_edit": access.may(Permission.MANAGEMENT_KEY_EDIT),
    }
