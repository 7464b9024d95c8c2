"""Pages of API keys."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import push_url

from accounts.actors import actor_of
from apikeys import first_commands, listing, services
from apikeys.access import find
from apikeys.forms import CHOSEN, ApiKeyForm
from apikeys.models import ApiKey
from apikeys.pages import enter_page, page_context, usable_instances
from apikeys.terms import BrokenTerms
from audit.actors import Means
from instances.models import Instance
from orgs.access import Access
from orgs.models import Organization
from orgs.roles import Permission
from quotas.plans import rate_limit_for
from redisgate.lib import shown_once
from redisgate.lib.errors import RedisGateError
from redisgate.lib.htmx import is_htmx


@require_safe
@never_cache
@login_required
def key_list(request: HttpRequest, org: str) -> HttpResponse:
    """Show the keys that can be used, or with ``?show=revoked`` those that can't any more.

    ``?search=`` searches, ``?sort=`` sorts, ``?page=`` leafs.
    """
    access = enter_page(request, org, Permission.API_KEY_VIEW)
    return listing.answer(request, access)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def create(request: HttpRequest, org: str) -> HttpResponse:
    """Ask for a new key, make it, and send the browser on to see its token this once."""
    access = enter_page(request, org, Permission.API_KEY_CREATE)
    choices = usable_instances(access)
    if request.method != "POST":
        form = ApiKeyForm(
            instances=choices, initial=_initial(request, choices, access.organization)
        )
        return _answer(request, access, "form", {"form": form})
    form = ApiKeyForm(request.POST, instances=choices)
    made = _create(request, access, form) if form.is_valid() else None
    if made is None:
        return _answer(
            request, access, "form", {"form": form}, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    key, token = made
    page = reverse("apikeys:created", args=[access.organization.slug, key.pk])
    return shown_once.redirect_to(page, token)


@require_safe
@never_cache
@login_required
def created(request: HttpRequest, org: str, key: UUID) -> HttpResponse:
    """Show the token of a new key; whoever loads the page again is told that it was shown."""
    access = enter_page(request, org, Permission.API_KEY_CREATE)
    found = find(access, key)
    token = shown_once.read(request, found.fingerprint)
    if token is None:
        answer = _answer(request, access, "shown", {"key": found})
    else:
        answer = _answer(request, access, "created", _first_steps(access, found, token))
    shown_once.forget(answer, page=request.path)
    return push_url(answer, request.path)


def _create(request: HttpRequest, access: Access, form: ApiKeyForm) -> tuple[ApiKey, str] | None:
    """Make the key, or put the refusal's words into the form."""
    try:
        return services.create(
            actor_of(request, Means.DASHBOARD), access.organization, **form.wish()
        )
    except BrokenTerms as refusal:
        form.show(refusal.problems)
    except RedisGateError as refusal:
        form.add_error(None, refusal.message)
    return None


def _first_steps(access: Access, key: ApiKey, token: str) -> dict[str, object]:
    instance = first_commands.instance_for(access, key)
    shown = () if instance is None else first_commands.written(instance, key, token)
    return {"key": key, "token": token, "instance": instance, "snippets": shown}


def _initial(
    request: HttpRequest, choices: QuerySet[Instance], organization: Organization
) -> dict[str, Any]:
    """Choose the plan's rate limit, and the instance that a link from its page names."""
    slug = request.GET.get("instance", "")
    chosen = list(choices.filter(slug=slug).values_list("pk", flat=True)) if slug else []
    initial: dict[str, Any] = {"rate_limit": rate_limit_for(organization)}
    return {**initial, "reach": CHOSEN, "instances": chosen} if chosen else initial


def _answer(
    request: HttpRequest,
    access: Access,
    part: str,
    values: Mapping[str, object],
    *,
    status: int = 200,
) -> HttpResponse:
    """Render a whole page, or for htmx only the part of it that changes."""
    template = "apikeys/_panel.html" if is_htmx(request) else "apikeys/create.html"
    context = page_context(access, part=f"apikeys/_{part}.html", **values)
    return render(request, template, context, status=status)
