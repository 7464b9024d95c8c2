"""Pages that change a key: edit, rotate, end the former secret."""

from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actors import actor_of
from apikeys import editing, rotation
from apikeys.access import find
from apikeys.edit_form import EditForm
from apikeys.models import ApiKey
from apikeys.pages import enter_page, page_context, usable_instances
from apikeys.terms import BrokenTerms
from audit.actors import Means
from orgs.access import Access
from orgs.roles import Permission
from redisgate.lib import graces, shown_once
from redisgate.lib.errors import Conflict, RedisGateError


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def edit(request: HttpRequest, org: str, key: UUID) -> HttpResponse:
    """Change what the key may do."""
    access = enter_page(request, org, Permission.API_KEY_EDIT)
    found = find(access, key)
    choices = usable_instances(access)
    form = EditForm(request.POST or None, instances=choices, key=found)
    if request.method == "POST" and form.is_valid() and _edited(request, form, found):
        messages.success(request, f"“{found.name}” is changed, on every server already.")
        return redirect(_page(access, found))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(
        request, "apikeys/edit.html", page_context(access, key=found, form=form), status=status
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def rotate(request: HttpRequest, org: str, key: UUID) -> HttpResponse:
    """Ask how long the former secret shall work, and go on to the page that shows the other."""
    access = enter_page(request, org, Permission.API_KEY_EDIT)
    found = find(access, key)
    problem = ""
    if request.method == "POST":
        try:
            return _rotated(request, access, found)
        except RedisGateError as refusal:
            problem = refusal.message
    values = page_context(access, key=found, graces=_graces(found), problem=problem)
    status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
    return render(request, "apikeys/rotate.html", values, status=status)


@require_POST
@login_required
def end_former(request: HttpRequest, org: str, key: UUID) -> HttpResponse:
    """End the former secret now."""
    access = enter_page(request, org, Permission.API_KEY_EDIT)
    found = find(access, key)
    rotation.end_former(actor_of(request, Means.DASHBOARD), found)
    messages.success(request, f"The former secret of “{found.name}” works no more.")
    return redirect(_page(access, found))


def _edited(request: HttpRequest, form: EditForm, key: ApiKey) -> bool:
    """Change the key, or put the refusal's words into the form."""
    try:
        editing.edit(actor_of(request, Means.DASHBOARD), key, **form.wish())
    except BrokenTerms as refusal:
        form.show(refusal.problems)
        return False
    except RedisGateError as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


def _rotated(request: HttpRequest, access: Access, key: ApiKey) -> HttpResponse:
    if request.POST.get("seen") != key.hint:
        raise Conflict(
            "This key has another secret than the one you looked at: it was rotated a moment ago. "
            "Look at its page before you rotate it again."
        )
    seconds = request.POST.get("grace", "")
    grace = graces.of(int(seconds) if seconds.isascii() and seconds.isdigit() else -1)
    token = rotation.rotate(actor_of(request, Means.DASHBOARD), key, grace=grace)
    page = reverse("apikeys:created", args=[access.organization.slug, key.pk])
    return shown_once.redirect_to(page, token)


def _graces(key: ApiKey) -> list[tuple[int, str, bool]]:
    """Give the choices: seconds, words, and whether it is the one to begin with."""
    offered = {
        grace: f"After {words}" if grace else words.capitalize()
        for grace, words in graces.WORDS.items()
        if not (grace and key.has_former_secret)
    }
    first = graces.USUAL if graces.USUAL in offered else timedelta(0)
    return [(int(grace.total_seconds()), words, grace == first) for grace, words in offered.items()]


def _page(access: Access, key: ApiKey) -> str:
    return reverse("apikeys:detail", args=[access.organization.slug, key.pk])
