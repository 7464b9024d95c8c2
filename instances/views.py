"""Pages that show instances, and the one that makes them."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from accounts.actors import actor_of
from audit.actors import Means
from instances import connection, first_seen, first_uses, pages, services, snippets
from instances.access import instances_of
from instances.connections import Connections
from instances.forms import InstanceForm
from instances.listing import STATES, Asked, Leaf
from instances.models import Instance
from instances.presentation import Shown, show
from instances.presets import Purpose
from instances.states import Status
from instances.their_server import is_adopted, knows_keys
from orgs.access import Access
from orgs.models import Organization
from orgs.roles import Permission
from quotas.models import InstanceQuota
from redisgate.lib import form_refusals, leaves
from redisgate.lib.errors import NotFound, RedisGateError
from redisgate.lib.htmx import at_address, is_htmx

NEW = timedelta(minutes=15)
"""So long an instance's page listens for the first connection without being asked."""
LIST_PARTS = {pages.LIST_TARGET: "_table.html", pages.FOUND_TARGET: "_found.html"}
"""What htmx replaces of the list, by the id of the place."""


@require_safe
@never_cache
@login_required
def instance_list(request: HttpRequest, org: str) -> HttpResponse:
    """Show a page of the organization's instances, or for htmx only what it replaces."""
    access = pages.enter(request, org, Permission.INSTANCE_VIEW)
    values = pages.list_context(access, pages.leaf(access, Asked.of(request.GET)))
    part = LIST_PARTS.get(pages.target_of(request))
    if part:
        answer = pages.fragment(request, part, values)
        is_search = part == LIST_PARTS[pages.FOUND_TARGET]
        return at_address(answer, request.path, str(values["here"])) if is_search else answer
    return render(request, "instances/list.html", {**values, "states": STATES.items()})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def create(request: HttpRequest, org: str) -> HttpResponse:
    """Ask for a new instance and make it."""
    access = pages.enter(request, org, Permission.INSTANCE_CREATE)
    form = InstanceForm(request.POST or None, quota=_quota_of(access.organization))
    if request.method == "POST" and form.is_valid():
        instance = _create(request, access, form)
        if instance is not None:
            return _created(request, access, instance)
    template = "instances/_form.html" if is_htmx(request) else "instances/create.html"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else 200
    values = pages.context(access, form=form, in_dialog=_is_in_dialog(request))
    return render(request, template, values, status=status)


@require_safe
@never_cache
@login_required
def detail(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    """Show one instance and how to reach it, or only its live parts for htmx."""
    access = pages.enter(request, org, Permission.INSTANCE_VIEW)
    polls = pages.target_of(request) == pages.DETAIL_TARGET
    try:
        shown = show(access, pages.find(access, instance))
    except NotFound:
        if polls:
            return pages.fragment(request, "_gone.html", pages.context(access))
        raise
    if polls:
        return pages.fragment(request, "_live.html", pages.live_parts(request, access, shown))
    values = pages.detail_context(
        access, shown, **pages.overview_context(shown), **_first_connection(shown)
    )
    return render(request, "instances/detail.html", {**values, **_connection_context(shown)})


@require_safe
@never_cache
@login_required
def row(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    """Show one instance's line of the list."""
    access = pages.enter(request, org, Permission.INSTANCE_VIEW)
    shown = show(access, pages.find(access, instance))
    return pages.fragment(request, "_row.html", pages.detail_context(access, shown))


@require_safe
@never_cache
@login_required
def example(request: HttpRequest, org: str) -> HttpResponse:
    """Show the shortest way to a SET and a GET on the organization's first running instance."""
    access = pages.enter(request, org, Permission.INSTANCE_VIEW)
    mine = instances_of(access).select_related("their_server").defer(*pages.NOT_LISTED)
    chosen = mine.filter(status=Status.RUNNING).first() or mine.first()
    values: dict[str, object] = {"shown": chosen and show(access, chosen)}
    if chosen is not None:
        values["snippets"] = _snippets(chosen)
    return pages.fragment(request, "_example.html", pages.context(access, **values))


def _first_connection(shown: Shown) -> dict[str, Any]:
    """Say who came first; while nobody has, a new instance listens by itself."""
    seen = _known_to_have_come(shown.instance) if shown.sees_secrets else None
    if seen is not None:
        return {"phase": "seen", "seen": seen}
    return {"phase": "idle", "is_new": timezone.now() - shown.instance.created_at < NEW}


def _known_to_have_come(instance: Instance) -> Connections | None:
    return first_seen.recall(instance) or first_uses.of(instance)


def _quota_of(organization: Organization) -> InstanceQuota | None:
    return InstanceQuota.objects.filter(organization=organization).first()


def _create(request: HttpRequest, access: Access, form: InstanceForm) -> Instance | None:
    """Make the instance, or write the refusal into the form."""
    wanted = form.cleaned_data
    try:
        return services.create(
            actor_of(request, Means.DASHBOARD),
            access.organization,
            name=wanted["name"],
            memory_mb=wanted["memory_mb"],
            purpose=Purpose(wanted["purpose"]),
            slug=wanted["slug"] or None,
            expires_at=wanted["expires_at"],
        )
    except RedisGateError as error:
        form_refusals.show(error, form)
        return None


def _created(request: HttpRequest, access: Access, instance: Instance) -> HttpResponse:
    words = f"{instance.name} is being created. It is ready in about a second."
    if is_htmx(request) and _is_in_dialog(request):
        leaf = pages.leaf(access, Asked.of(leaves.query_of_page(request)))
        values = pages.list_context(access, leaf)
        words = f"{words}{_elsewhere(leaf, instance)}"
        response = pages.fragment(request, "_table.html", values, toast=words)
        return reswap(retarget(response, f"#{pages.LIST_TARGET}"), "outerHTML")
    messages.success(request, words)
    where = reverse("instances:detail", args=[access.organization.slug, instance.id])
    return HttpResponseClientRedirect(where) if is_htmx(request) else redirect(where)


def _elsewhere(leaf: Leaf, instance: Instance) -> str:
    """Say where a new instance is, unless it is before the person's eyes."""
    number = leaf.page_with(instance.id)
    if number is None:
        return " Your filters leave it out of the list below."
    return "" if number == leaf.page.number else f" It is on page {number} of the list."


def _is_in_dialog(request: HttpRequest) -> bool:
    """Say whether the form stands on the list, where the person wants to stay."""
    return pages.target_of(request) == pages.CREATE_TARGET or request.POST.get("place") == "list"


def _snippets(instance: Instance) -> tuple[snippets.Snippet, ...]:
    target = snippets.Target(
        name=instance.name,
        http_url=connection.http_url(instance),
        redis_url=connection.redis_url(instance, user=snippets.KEY_USER, password=snippets.API_KEY),
    )
    return snippets.snippets(target, is_native=knows_keys(instance))


def _connection_context(shown: Shown) -> dict[str, object]:
    """Give the addresses and the code; the password only to those whose role includes it."""
    values: dict[str, object] = {
        "snippets": _snippets(shown.instance),
        "is_tls": connection.is_tls(shown.instance),
    }
    if shown.sees_secrets and not is_adopted(shown.instance):
        password = shown.instance.password
        values["redis_url"] = connection.redis_url(shown.instance, password=password)
    return values
