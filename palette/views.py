"""The command palette's questions to the server: what is always there, and what fits some words."""

from collections.abc import Iterable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.actors import person
from orgs.access import enter
from orgs.roles import Permission
from palette import matching, search, sections
from palette.entries import Entry

RECENT_MOST = 8
"""How many of the things used last are given their names again."""


@require_safe
@never_cache
@login_required
def of_organization(request: HttpRequest, org: str) -> JsonResponse:
    """Search for ``?q=``. Without it, give what is always there, and what was asked for by id:
    ``?at=`` is the instance of the page, ``?recent=`` something that was used last."""
    access = enter(person(request), org, Permission.ORGANIZATION_VIEW)
    words = matching.words_of(request.GET.get("q", ""))
    if words:
        return _answer(search.of_organization(access, words))
    recent = request.GET.getlist("recent")[:RECENT_MOST]
    known = search.known(access, request.GET.get("at", ""), recent)
    always = [*sections.of_organization(access), *sections.of_person(access.user)]
    others = search.organizations(access.user, besides=access.organization)
    return _answer([*known, *always, *others[: search.MOST]])


@require_safe
@never_cache
@login_required
def of_person(request: HttpRequest) -> JsonResponse:
    """Do the same where no organization is: pages of the account, and the way into each."""
    user = person(request)
    words = matching.words_of(request.GET.get("q", ""))
    organizations = search.organizations(user)
    if words:
        return _answer(search.best(organizations, words))
    return _answer([*sections.of_person(user), *organizations[: search.MOST]])


def _answer(entries: Iterable[Entry]) -> JsonResponse:
    return JsonResponse({"entries": [entry.as_json() for entry in entries]})
