"""One action for many instances: first what it would do, then what became of each."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from accounts.actors import actor_of
from audit.actors import Means
from instances import bulk as bulk_actions
from instances import pages
from instances.access import instances_of
from instances.bulk import ACTIONS, BulkAction, Result
from orgs.access import Access
from orgs.roles import Permission
from redisgate.lib import chosen
from redisgate.lib.errors import InvalidInput
from redisgate.lib.htmx import is_htmx
from redisgate.lib.units import counted

QUESTIONS = {
    "start": ("The servers start with what they kept, in about a second.", "Start them", ""),
    "stop": (
        "The servers save what their persistence promises and end. Instances without persistence "
        "start empty.",
        "Stop them",
        "",
    ),
    "delete": (
        "The servers end and all their data is removed for good. Programs that use them lose them "
        "at once.",
        "Delete for good",
        "delete",
    ),
}
"""What is said before it is done, what the button says, and the word that is typed first."""


@require_POST
@never_cache
@login_required
def bulk(request: HttpRequest, org: str) -> HttpResponse:
    """Ask first, and do it once that was confirmed."""
    access = pages.enter(request, org, Permission.INSTANCE_OPERATE)
    action = _action(request)
    access.require(action.permission)
    ids = chosen.ids(request, "instance")
    page = reverse("instances:list", args=[access.organization.slug])
    if not ids:
        return chosen.nothing(request, "instance", page)
    question = _question(request, access, action, ids)
    if not chosen.is_confirmed(request, question.typed):
        shell = pages.context(access)
        return chosen.ask(request, question, name="instance", page=page, shell=shell)
    results = bulk_actions.perform(actor_of(request, Means.DASHBOARD), access, action, ids)
    return _done(request, access, action, results)


def _action(request: HttpRequest) -> BulkAction:
    action = ACTIONS.get(request.POST.get("action", ""))
    if action is None:
        raise InvalidInput(f"Choose one of {', '.join(ACTIONS)} for the instances.")
    return action


def _question(
    request: HttpRequest, access: Access, action: BulkAction, ids: list[UUID]
) -> chosen.Question:
    rows = chosen.names(instances_of(access).filter(pk__in=ids).values_list("id", "name"))
    words, label, typed = QUESTIONS[action.name]
    return chosen.Question(
        title=f"{action.name.capitalize()} {counted(len(rows), 'instance')}?",
        words=words,
        label=label,
        rows=rows,
        typed=typed,
        target="bulk-done",
        action=action.name,
        is_wrong="confirmed" in request.POST,
    )


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
