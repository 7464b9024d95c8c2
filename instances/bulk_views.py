"""One action for many instances: first what it would do, then what became of each."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_htmx.http import retarget, trigger_client_event

from accounts.actors import actor_of
from audit.actors import Means
from instances import bulk as bulk_actions
from instances import pages
from instances.access import instances_of
from instances.bulk import ACTIONS, BulkAction, Result
from orgs.access import Access
from orgs.roles import Permission
from redisgate.lib.errors import InvalidInput
from redisgate.lib.htmx import is_htmx, toast
from redisgate.lib.units import counted

TYPED = "delete"
"""The word that is typed before many instances go."""


@require_POST
@never_cache
@login_required
def bulk(request: HttpRequest, org: str) -> HttpResponse:
    """Ask first, and do it once that was confirmed."""
    access = pages.enter(request, org, Permission.INSTANCE_OPERATE)
    action = _action(request)
    access.require(action.permission)
    ids = _ids(request)
    if not ids:
        return _nothing_chosen(request, access)
    is_typed = request.POST.get("confirm", "").strip().lower() == TYPED
    if "confirmed" not in request.POST or (action.name == "delete" and not is_typed):
        return _ask(request, access, action, ids)
    results = bulk_actions.perform(actor_of(request, Means.DASHBOARD), access, action, ids)
    return _done(request, access, action, results)


def _action(request: HttpRequest) -> BulkAction:
    action = ACTIONS.get(request.POST.get("action", ""))
    if action is None:
        raise InvalidInput(f"Choose one of {', '.join(ACTIONS)} for the instances.")
    return action


def _ids(request: HttpRequest) -> list[UUID]:
    try:
        ids = [UUID(text) for text in request.POST.getlist("instance")]
    except ValueError:
        raise InvalidInput("Choose instances of the list. Reload the page and try again.") from None
    if len(ids) > bulk_actions.MOST:
        raise InvalidInput(f"Choose {bulk_actions.MOST} instances at most.")
    return ids


def _nothing_chosen(request: HttpRequest, access: Access) -> HttpResponse:
    words = "Choose at least one instance first."
    if is_htmx(request):
        response = HttpResponse(status=HTTPStatus.NO_CONTENT)
        return toast(response, words, level="warning")
    messages.warning(request, words)
    return redirect("instances:list", org=access.organization.slug)


def _ask(request: HttpRequest, access: Access, action: BulkAction, ids: list[UUID]) -> HttpResponse:
    chosen = instances_of(access).filter(pk__in=ids).only("id", "name")
    is_wrong = "confirmed" in request.POST
    values = pages.context(
        access,
        action=action,
        chosen=chosen,
        title=f"{action.name.capitalize()} {counted(len(chosen), 'instance')}?",
        typed=TYPED if action.name == "delete" else "",
        is_wrong=is_wrong,
    )
    template = "_bulk_form.html" if is_htmx(request) else "bulk.html"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_wrong else HTTPStatus.OK
    return retarget(render(request, f"instances/{template}", values, status=status), "#bulk-dialog")


def _done(
    request: HttpRequest, access: Access, action: BulkAction, results: list[Result]
) -> HttpResponse:
    done = sum(result.is_done for result in results)
    verb = "is" if done == 1 else "are"
    words = f"{counted(done, 'instance')} {verb} {action.done}."
    refused = [result for result in results if not result.is_done]
    values = pages.context(
        access, results=results, refused=refused, words=words, until=action.until
    )
    if not is_htmx(request):
        return render(request, "instances/bulk_done.html", values)
    response = pages.fragment(request, "_bulk_done.html", values)
    return trigger_client_event(response, "chosen-done", {})
