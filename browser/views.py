"""Pages on the data of an instance, and their fragments."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.actors import actor_of
from audit.actors import Means
from browser import connection, decoders, finding, pages, quoting, services, showing
from browser.asked import Done, On
from browser.operations import NEW, OPERATIONS, Operation
from browser.pages import Visit
from browser.refusals import ChangedMeanwhile
from orgs.roles import Permission
from redisgate.lib.errors import RedisGateError
from redisgate.lib.htmx import is_htmx

GET_AND_POST = ["GET", "HEAD", "POST"]


@require_safe
@never_cache
@login_required
def page(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    """Show the search, the first portion of what it finds, and the open key."""
    visit = pages.visit(request, org, instance, Permission.DATA_VIEW)
    counts, refusal = pages.or_refusal(lambda: pages.key_counts(visit))
    values: dict[str, object] = {"counts": counts, "refusal": refusal}
    if refusal is None:
        values["found"], values["refusal"] = pages.or_refusal(lambda: _find(visit))
    if refusal is None and visit.state.key is not None:
        values["opened"], values["key_refusal"] = pages.or_refusal(lambda: _show(visit))
    return render(request, "browser/page.html", pages.page_context(visit, **values))


@require_safe
@never_cache
@login_required
def keys(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    """Show the next portion of keys."""
    visit = pages.visit(request, org, instance, Permission.DATA_VIEW)
    found, refusal = pages.or_refusal(lambda: _find(visit))
    return pages.fragment(
        visit, "_portion.html", pages.context(visit, found=found, refusal=refusal)
    )


@require_safe
@never_cache
@login_required
def key(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    """Show one key with a window of what it holds."""
    visit = pages.visit(request, org, instance, Permission.DATA_VIEW)
    if not is_htmx(request) or visit.state.key is None:
        return redirect(visit.url("page", visit.state.address))
    return _detail(visit)


@require_http_methods(GET_AND_POST)
@never_cache
@login_required
def operate(request: HttpRequest, org: str, instance: str, operation: str) -> HttpResponse:
    """Ask what an operation needs to know, then do it."""
    visit = pages.visit(request, org, instance, Permission.DATA_EDIT)
    if operation not in OPERATIONS or (visit.state.key is None and operation != NEW):
        raise Http404
    what = OPERATIONS[operation]
    on = On(visit.state.key or b"", visit.state.element)
    if request.method == "POST":
        return _act(visit, operation, what, on)
    return _question(visit, operation, what, what.form(initial=_initial(visit, what, on)))


def _initial(visit: Visit, what: Operation, on: On) -> dict[str, Any]:
    if what.prepare is None:
        return {}
    with connection.reading(visit.instance, visit.state.database) as server:
        return dict(what.prepare(server, on))


def _act(visit: Visit, operation: str, what: Operation, on: On) -> HttpResponse:
    form = what.form(visit.request.POST)
    if not form.is_valid():
        return _question(visit, operation, what, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        with connection.writing(visit.instance, visit.state.database) as server:
            actor = actor_of(visit.request, Means.DASHBOARD)
            place = services.Place(actor, visit.instance, server, visit.state.database)
            done = what.act(place, on, form.cleaned_data)
    except ChangedMeanwhile as error:
        return _changed_meanwhile(visit, operation, what, error)
    except RedisGateError as error:
        if not is_htmx(visit.request):
            raise
        form.add_error(None, error.message)
        return _question(visit, operation, what, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _done(visit, on, done)


def _changed_meanwhile(
    visit: Visit, operation: str, what: Operation, error: ChangedMeanwhile
) -> HttpResponse:
    """Show what is there now beside what the person wrote, and let them decide."""
    data = visit.request.POST.copy()
    data["seen"] = services.digest(error.now)
    now = None if error.now is None else decoders.decode(error.now)
    return _question(
        visit, operation, what, what.form(data), changed=error, now=now, status=HTTPStatus.CONFLICT
    )


def _question(
    visit: Visit,
    operation: str,
    what: Operation,
    form: forms.Form,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    **more: object,
) -> HttpResponse:
    state = visit.state
    values: dict[str, object] = {
        "operation": what,
        "form": form,
        "action": visit.url("operate", state.address, operation=operation),
        "back": visit.url("page", replace(state, element=None).address),
        "key_name": None if state.key is None else quoting.shown(state.key),
        "element_name": None if state.element is None else quoting.shown(state.element),
        **more,
    }
    if is_htmx(visit.request):
        # htmx swaps what is no success only under this status.
        shown_status = HTTPStatus.UNPROCESSABLE_ENTITY if status >= 400 else status
        context = pages.context(visit, **values)
        return pages.fragment(visit, "_question.html", context, status=shown_status)
    context = pages.page_context(visit, **values)
    return render(visit.request, "browser/question.html", context, status=status)


def _done(visit: Visit, on: On, done: Done) -> HttpResponse:
    """Show the key as it is now, and tell the list what came and went."""
    state = replace(visit.state, key=done.name, element=None)
    if not is_htmx(visit.request):
        messages.success(visit.request, done.words)
        return redirect(visit.url("page", state.address))
    after = replace(visit, state=replace(state, start=""))
    is_other = done.name != visit.state.key
    events: dict[str, Any] = {"toast": {"level": "success", "message": done.words}}
    events["data-changed"] = {"gone": f"key-{quoting.to_ref(on.name)}" if done.is_gone else ""}
    response = _detail(after, has_new_line=is_other and done.name is not None, **events)
    response.headers["HX-Retarget"] = "#data-detail"
    response.headers["HX-Reswap"] = "innerHTML"
    if is_other:
        response.headers["HX-Push-Url"] = visit.url("page", state.address)
    return response


def _detail(visit: Visit, *, has_new_line: bool = False, **events: Any) -> HttpResponse:
    if visit.state.key is None:
        return pages.fragment(visit, "_nothing_open.html", pages.context(visit), **events)
    shown, refusal = pages.or_refusal(lambda: _show(visit))
    line = finding.line_of(visit.state, shown.facts) if shown and has_new_line else None
    values = pages.context(visit, opened=shown, key_refusal=refusal, new_line=line)
    return pages.fragment(visit, "_detail.html", values, **events)


def _find(visit: Visit) -> finding.Found:
    with connection.scanning(visit.instance, visit.state.database) as server:
        return finding.find(server, visit.state)


def _show(visit: Visit) -> showing.Shown:
    with connection.reading(visit.instance, visit.state.database) as server:
        return showing.show(server, visit.state)
