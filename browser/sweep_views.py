"""Deleting what a search finds: count, ask, then delete portion after portion.

The page drives it: each answer asks for the next portion, so it ends when the page is closed.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.actors import actor_of
from audit.actors import Means
from browser import connection, pages, services, sweeping
from browser.pages import Visit
from browser.state import State
from browser.sweeping import Weighed
from orgs.roles import Permission
from redisgate.lib.errors import Conflict
from redisgate.lib.htmx import is_htmx
from redisgate.lib.typed_name import TypedNameForm

SALT = "browser.delete-many"
MAX_AGE_SECONDS = 600
LIVE = "sweep-live"
"""The part of the dialog that replaces itself."""


class PatternForm(TypedNameForm):
    """The pattern, typed once more, before the keys are gone."""

    confirm = forms.CharField(
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}
        ),
        error_messages={"required": "Type the pattern to confirm."},
    )


@require_safe
@never_cache
@login_required
def ask(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    """Say what would be deleted; counting starts with it."""
    visit = pages.visit(request, org, instance, Permission.DATA_EDIT)
    return _answer(visit, _weighed(visit))


@require_safe
@never_cache
@login_required
def count(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    """Count the next portion."""
    visit = pages.visit(request, org, instance, Permission.DATA_EDIT)
    return _answer(visit, _weighed(visit))


@require_POST
@never_cache
@login_required
def go(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    """Delete the next portion; the first one needs the typed pattern."""
    visit = pages.visit(request, org, instance, Permission.DATA_EDIT)
    said = _opened(visit, request.POST.get("token", ""))
    visit = replace(visit, state=State.of(QueryDict(said["search"])))
    if not said["is_confirmed"]:
        form = PatternForm(request.POST, name=visit.state.search.said)
        if not form.is_valid():
            weighed = Weighed(**said["weighed"])
            return _answer(
                visit, _asked(visit, weighed, form), status=HTTPStatus.UNPROCESSABLE_ENTITY
            )
    return _answer(visit, _deleted(visit, said))


def _weighed(visit: Visit) -> dict[str, object]:
    """Count a portion; the numbers so far come from the address and are only shown."""
    query = visit.request.GET
    state = visit.state
    before = Weighed(
        cursor=state.cursor,
        scanned=state.scanned,
        found=state.found,
        sampled=_number(query.get("sampled")),
        sampled_bytes=_number(query.get("bytes")),
    )
    with connection.scanning(visit.instance, state.database) as server:
        total = server.send("DBSIZE")
        weighed = sweeping.weigh(server, state.search, before)
    form = PatternForm(name=state.search.said)
    following = state.but(
        cursor=weighed.cursor, scanned=weighed.scanned, found=weighed.found, key=None
    )
    more = f"sampled={weighed.sampled}&bytes={weighed.sampled_bytes}"
    return {
        **_asked(visit, weighed, form),
        "total": total,
        "following": visit.url("sweep_count", f"{following}&{more}"),
    }


def _asked(visit: Visit, weighed: Weighed, form: PatternForm) -> dict[str, object]:
    said = {"is_confirmed": False, "weighed": asdict(weighed), "cursor": 0, "deleted": 0}
    return {"weighed": weighed, "form": form, "token": _sealed(visit, said)}


def _deleted(visit: Visit, said: Mapping[str, Any]) -> dict[str, object]:
    """Delete a portion and seal how far it went, so that the next one needs no typing."""
    state = visit.state
    with connection.writing(visit.instance, state.database) as server:
        actor = actor_of(visit.request, Means.DASHBOARD)
        place = services.Place(actor, visit.instance, server, state.database)
        portion, deleted = sweeping.delete_portion(place, state.search, said["cursor"])
    further = {
        **said,
        "is_confirmed": True,
        "cursor": portion.cursor,
        "deleted": said["deleted"] + deleted,
    }
    return {
        "weighed": Weighed(**said["weighed"]),
        "deleted": further["deleted"],
        "is_last": portion.is_last,
        "is_running": True,
        "token": _sealed(visit, further),
    }


def _answer(
    visit: Visit, values: Mapping[str, object], *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    more = {
        **values,
        "search": visit.state.search,
        "go_url": visit.url("sweep_go"),
        "back": visit.url("page", visit.state.of_search.address),
    }
    if is_htmx(visit.request):
        return _part(visit, pages.context(visit, **more), status)
    context = pages.page_context(visit, **more)
    return render(visit.request, "browser/sweep.html", context, status=status)


def _part(visit: Visit, values: dict[str, object], status: HTTPStatus) -> HttpResponse:
    """Answer the dialog: with the part that moves, or as a whole when something else comes next.

    The button that stops it all stands beside that part, so that it stays under the finger.
    """
    is_inside = visit.request.headers.get("HX-Target") == LIVE
    weighed = values["weighed"]
    if is_inside and values.get("is_running") and not values["is_last"]:
        return pages.fragment(visit, "_sweep_running.html", values)
    if is_inside and isinstance(weighed, Weighed) and not weighed.is_done:
        return pages.fragment(visit, "_sweep_counting.html", values)
    response = pages.fragment(visit, "_sweep.html", values, status=status)
    response.headers["HX-Retarget"] = "#data-dialog-body"
    return response


def _sealed(visit: Visit, said: Mapping[str, Any]) -> str:
    """Sign it for this person and this instance, so that nobody can skip the question."""
    search = visit.state.but(
        cursor=0, scanned=0, found=0, round=0, key=None, element=None, start="", match=""
    )
    whose = [str(visit.instance.pk), str(visit.access.user.pk)]
    return signing.dumps({**said, "search": search, "whose": whose}, salt=SALT)


def _opened(visit: Visit, token: str) -> dict[str, Any]:
    refusal = Conflict("This question is too old. Search again, and ask again.", log="stale token")
    try:
        said: dict[str, Any] = signing.loads(token, salt=SALT, max_age=MAX_AGE_SECONDS)
    except signing.BadSignature:
        raise refusal from None
    if said["whose"] != [str(visit.instance.pk), str(visit.access.user.pk)]:
        raise refusal
    return said


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 20 else 0
