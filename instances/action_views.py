"""Buttons of an instance: each posts, writes a wish and answers with what the page shows next."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actors import actor_of
from audit.actors import Actor, Means
from instances import asking, glances, pages, questions, services
from instances.forms import DeleteForm
from instances.models import Instance
from instances.presentation import show
from instances.questions import Question
from instances.trial import trial
from orgs.access import Access
from orgs.roles import Permission
from redisgate.lib.htmx import is_htmx


@require_POST
@login_required
def start(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    return _operate(request, org, instance, services.start, "{} is starting.")


@require_POST
@login_required
def stop(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    return _operate(request, org, instance, services.stop, "{} is stopping.", asks="Stop")


@require_POST
@login_required
def restart(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    return _operate(request, org, instance, services.restart, "{} is restarting.", asks="Restart")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def delete(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    """Ask for the typed name, then delete. The detail page asks in a dialog and posts here."""
    access = pages.enter(request, org, Permission.INSTANCE_DELETE)
    found = pages.find(access, instance)
    form = DeleteForm(request.POST or None, name=found.name)
    if request.method == "POST" and form.is_valid():
        services.delete(actor_of(request, Means.DASHBOARD), found)
        messages.success(request, f"{found.name} and its data are being deleted.")
        return redirect("instances:list", org=access.organization.slug)
    values = pages.detail_context(access, show(access, found))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else 200
    return render(request, "instances/delete.html", {**values, "form": form}, status=status)


@require_POST
@never_cache
@login_required
def test_connection(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    """Connect as a native client would, from the web process, and say how it went."""
    access = pages.enter(request, org, Permission.INSTANCE_VIEW)
    found = pages.find(access, instance)
    result = trial(found)
    values = {**pages.detail_context(access, show(access, found)), "probe": result}
    if is_htmx(request):
        return pages.fragment(request, "_probe.html", values)
    if result.problem:
        messages.error(request, f"{result.problem} {result.advice}")
    else:
        messages.success(request, f"Connected: PING took {result.milliseconds:.1f} ms.")
    return _to_detail(access, found)


def _operate(
    request: HttpRequest,
    org: str,
    reference: str,
    act: Callable[[Actor, Instance], None],
    said: str,
    *,
    asks: str = "",
) -> HttpResponse:
    access = pages.enter(request, org, Permission.INSTANCE_OPERATE)
    instance = pages.find(access, reference)
    question = _question(instance, asks) if asks and not asking.is_confirmed(request) else None
    if question is not None:
        return asking.ask(request, access, show(access, instance), question)
    act(actor_of(request, Means.DASHBOARD), instance)
    words = said.format(instance.name)
    if is_htmx(request):
        return _part(request, access, instance, words)
    messages.success(request, words)
    return _to_detail(access, instance)


def _question(instance: Instance, verb: str) -> Question | None:
    known = glances.glances_of([instance.pk]).get(instance.pk, ())
    return questions.before_ending(instance, verb, known)


def _part(request: HttpRequest, access: Access, instance: Instance, words: str) -> HttpResponse:
    """Answer htmx with the part of the page in which the button stood."""
    instance.refresh_from_db()
    shown = show(access, instance)
    if pages.target_of(request) == pages.DETAIL_TARGET:
        values = pages.live_parts(request, access, shown)
        return pages.fragment(request, "_live.html", values, toast=words)
    values = pages.detail_context(access, shown)
    return pages.fragment(request, "_row.html", values, toast=words)


def _to_detail(access: Access, instance: Instance) -> HttpResponse:
    return redirect("instances:detail", org=access.organization.slug, instance=instance.id)
