"""Pages of API keys."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import push_url, reswap, retarget

from accounts.actors import actor_of
from apikeys import first_commands, reports, services, sparks
from apikeys.access import find, keys_of, matching
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
from redisgate.lib import leaves, shown_once
from redisgate.lib.errors import RedisGateError
from redisgate.lib.htmx import is_htmx, toast

PAGE_SIZE = 25


@require_safe
@never_cache
@login_required
def key_list(request: HttpRequest, org: str) -> HttpResponse:
    """Show the keys that can be used, or with ``?show=revoked`` those that can't any more.

    ``?search=`` searches, ``?page=`` leafs.
    """
    access = enter_page(request, org, Permission.API_KEY_VIEW)
    return render(request, "apikeys/list.html", _list_context(access, request.GET))


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


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def revoke(request: HttpRequest, org: str, key: UUID) -> HttpResponse:
    """Ask once more (browsers without script come here to be asked), then end the key."""
    access = enter_page(request, org, Permission.API_KEY_REVOKE)
    found = find(access, key)
    if request.method != "POST":
        return render(request, "apikeys/revoke.html", page_context(access, key=found))
    services.revoke(actor_of(request, Means.DASHBOARD), found)
    words = f"The key “{found.name}” is revoked. Programs that still use it are refused."
    if not is_htmx(request):
        messages.success(request, words)
        return redirect("apikeys:list", org=access.organization.slug)
    rest = render(
        request, "apikeys/_keys.html", _list_context(access, leaves.query_of_page(request))
    )
    toast(rest, words)
    return reswap(retarget(rest, "#keys"), "outerHTML")


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


def _list_context(access: Access, query: QueryDict) -> dict[str, object]:
    wanted, revoked = leaves.asked(query, "search"), query.get("show") == "revoked"
    keys = matching(keys_of(access), wanted.words)
    narrowed = keys.revoked() if revoked else keys.unrevoked()
    page = leaves.page_of(narrowed, PAGE_SIZE, wanted.number)
    shown = list(page.object_list)
    used, days = reports.of_last_days(shown), sparks.of_last_day(shown)
    rows = [(key, used.get(key.pk), days[key.pk]) for key in shown]
    others = {"search": wanted.words, "show": "revoked" if revoked else ""}
    return page_context(
        access,
        keys=rows,
        page=page,
        query=urlencode({name: word for name, word in others.items() if word}),
        shows_revoked=revoked,
        words=wanted.words,
    )


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
