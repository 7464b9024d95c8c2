"""Keys that end by hand: one of them, or many at once."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import reswap, retarget, trigger_client_event

from accounts.actors import actor_of
from apikeys import listing, services
from apikeys.access import find, keys_of
from apikeys.pages import enter_page, page_context
from audit.actors import Means
from orgs.access import Access
from orgs.roles import Permission
from redisgate.lib import chosen, leaves
from redisgate.lib.htmx import is_htmx, toast
from redisgate.lib.units import counted

TYPED = "revoke"
"""The word that is typed before many keys go."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def revoke(request: HttpRequest, org: str, key: UUID) -> HttpResponse:
    """Ask once more (browsers without script come here to be asked), then end the key."""
    access = enter_page(request, org, Permission.API_KEY_REVOKE)
    found = find(access, key)
    if request.method != "POST":
        template = "_revoke_dialog" if is_htmx(request) else "revoke"
        return render(request, f"apikeys/{template}.html", page_context(access, key=found))
    services.revoke(actor_of(request, Means.DASHBOARD), found)
    words = f"The key “{found.name}” is revoked. Programs that still use it are refused."
    return _done(request, access, words)


@require_POST
@never_cache
@login_required
def revoke_many(request: HttpRequest, org: str) -> HttpResponse:
    """Name the ticked keys and have the word typed, then end them."""
    access = enter_page(request, org, Permission.API_KEY_REVOKE)
    ids = chosen.ids(request, "key")
    page = reverse("apikeys:list", args=[access.organization.slug])
    if not ids:
        return chosen.nothing(request, "key", page)
    keys = list(keys_of(access).unrevoked().filter(pk__in=ids))
    if not chosen.is_confirmed(request, TYPED):
        question = chosen.Question(
            title=f"Revoke {counted(len(keys), 'key')}?",
            words="Whatever still uses them is refused within a second, and their open "
            "connections are closed. This can't be undone. No data is lost.",
            label="Revoke the keys",
            rows=chosen.names((key.pk, f"{key.name} ({key.hint})") for key in keys),
            typed=TYPED,
            target=listing.TARGET,
            is_wrong="confirmed" in request.POST,
        )
        return chosen.ask(request, question, name="key", page=page, shell=page_context(access))
    number = services.revoke_many(actor_of(request, Means.DASHBOARD), keys)
    verb = "is" if number == 1 else "are"
    return _done(request, access, f"{counted(number, 'key')} {verb} revoked.")


def _done(request: HttpRequest, access: Access, words: str) -> HttpResponse:
    if not is_htmx(request):
        messages.success(request, words)
        return redirect("apikeys:list", org=access.organization.slug)
    values = listing.context(access, leaves.query_of_page(request))
    rest = toast(render(request, "apikeys/_keys.html", values), words)
    trigger_client_event(rest, "chosen-done", {})
    return reswap(retarget(rest, f"#{listing.TARGET}"), "outerHTML")
