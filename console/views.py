"""The page of the console. Without script it runs one command and shows one reply."""

import secrets

from asgiref.sync import async_to_sync, sync_to_async
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.actors import actor_of
from audit.actors import Means
from console import one_shot, reach, rights, services
from console.messages import Message
from console.no_permission import Rights
from console.tab import CONSOLE
from console.terminal import Entered
from instances import pages
from instances.models import Instance
from instances.presentation import show
from orgs.access import Access
from orgs.roles import Permission

_QUESTION = "console.question"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def console(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    """Show the console of an instance, with the answer to what was posted."""
    access = pages.enter(request, org, Permission.INSTANCE_VIEW)
    found = pages.find(access, instance)
    answered: dict[str, object] = {}
    if request.method == "POST":
        line, answer = _entered(request, found)
        answered = {"line": line, "answer": _run(request, access, found, line, answer)}
    values = pages.detail_context(access, show(access, found), tab=CONSOLE.name, **answered)
    return render(request, "console/console.html", values)


def _entered(request: HttpRequest, instance: Instance) -> tuple[str, str | None]:
    """Give the line that was entered, and the answer when it is one to the question asked last."""
    asked = request.session.pop(_QUESTION, None)
    token = request.POST.get("token", "")
    if not token:
        return request.POST.get("line", ""), None
    if asked is None or asked["instance"] != str(instance.pk) or asked["token"] != token:
        return "", None
    return asked["line"], request.POST.get("typed", "")


def _run(
    request: HttpRequest, access: Access, instance: Instance, line: str, answer: str | None
) -> Message:
    where = reach.of(instance, Rights(access.role, rights.chosen(access.role, "")))
    actor = actor_of(request, Means.DASHBOARD)

    async def record(entered: Entered) -> None:
        await sync_to_async(services.record)(actor, instance, entered)

    said = async_to_sync(one_shot.run)(where, record, line, answer=answer)
    if said["type"] == "ask":
        said["token"] = secrets.token_urlsafe(16)
        request.session[_QUESTION] = {
            "instance": str(instance.pk),
            "line": line,
            "token": said["token"],
        }
    return said
