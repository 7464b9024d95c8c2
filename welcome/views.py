"""The guided way from nothing to the first command, on one page."""

from http import HTTPStatus
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import actor_of, person
from apikeys import access as key_access
from audit.actors import Means
from instances.forms import InstanceForm
from instances.presets import Purpose
from orgs import access as org_access
from orgs.access import Access
from orgs.roles import Permission
from quotas.models import InstanceQuota
from redisgate.lib import form_refusals, shown_once
from redisgate.lib.errors import Conflict, RedisGateError
from welcome import pages, services, snippets, way
from welcome.way import Stage, Way

NAME = "my-redis"
REFUSED = HTTPStatus.UNPROCESSABLE_ENTITY


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def start(request: HttpRequest, org: str) -> HttpResponse:
    """Show the step that is open, or do it: an instance where there is none, and a key."""
    if request.method == "POST":
        return _make(request, org)
    access = org_access.enter(person(request), org, Permission.INSTANCE_VIEW)
    return _page(request, way.find(access))


@require_safe
@never_cache
@login_required
def connect(request: HttpRequest, org: str, key: UUID) -> HttpResponse:
    """Show the new key this once, with commands to run; afterwards the commands alone."""
    access = org_access.enter(person(request), org, Permission.API_KEY_CREATE)
    found = key_access.find(access, key)
    token = shown_once.read(request, found.fingerprint) or ""
    answer = _page(request, way.find(access, key=found if found.is_active else None), token=token)
    shown_once.forget(answer, page=request.path)
    return answer


@require_safe
@never_cache
@login_required
def news(request: HttpRequest, org: str) -> HttpResponse:
    """Give the live parts of the page to one whose socket is away."""
    access = org_access.enter(person(request), org, Permission.INSTANCE_VIEW)
    return render(request, "welcome/_news.html", pages.context(way.find(access)))


def _page(
    request: HttpRequest,
    found: Way,
    *,
    token: str = "",
    form: InstanceForm | None = None,
    problem: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    values = {**pages.context(found), "section": "overview", "token": token, "problem": problem}
    if found.stage is Stage.CREATE:
        values |= {"form": form or _form(request, found.access)}
    elif found.instance is not None and found.key is not None:
        values |= {"snippets": snippets.first_commands(found.instance, found.key, token)}
    return render(request, "welcome/start.html", values, status=status)


def _make(request: HttpRequest, org: str) -> HttpResponse:
    """Make what is missing; whatever is refused is said where it was asked for."""
    access = org_access.enter(person(request), org, Permission.INSTANCE_CREATE)
    access.require(Permission.API_KEY_CREATE)
    if way.find(access).instance is None:
        form = _form(request, access)
        if not form.is_valid() or not _create_instance(request, access, form):
            return _page(request, way.find(access), form=form, status=REFUSED)
    is_first = "another" not in request.POST
    try:
        key, token = services.create_key(
            actor_of(request, Means.DASHBOARD), access, is_first=is_first
        )
    except Conflict:
        return redirect("welcome:start", org=access.organization.slug)
    except RedisGateError as refusal:
        return _page(request, way.find(access), problem=refusal.message, status=REFUSED)
    page = reverse("welcome:connect", args=[access.organization.slug, key.pk])
    return shown_once.redirect_to(page, token)


def _form(request: HttpRequest, access: Access) -> InstanceForm:
    """Ask for a name alone: the rest is what suits most, and can be changed while it runs."""
    quota = InstanceQuota.objects.filter(organization=access.organization).first()
    form = InstanceForm(quota=quota, initial={"name": NAME})
    if request.method == "POST":
        rest = {"purpose": Purpose.STORE, "memory_mb": form.fields["memory_mb"].initial}
        form = InstanceForm({"name": request.POST.get("name", ""), **rest}, quota=quota)
    return form


def _create_instance(request: HttpRequest, access: Access, form: InstanceForm) -> bool:
    """Make the first instance, or write beside the fields why not."""
    try:
        services.create_instance(actor_of(request, Means.DASHBOARD), access, form.cleaned_data)
    except RedisGateError as refusal:
        form_refusals.show(refusal, form)
        return False
    return True
