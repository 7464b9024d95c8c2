"""Pages of servers that somebody else runs: take one in, and tell where it is now."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from accounts.actors import actor_of
from audit.actors import Actor, Means
from instances import adoption, adoption_words, pages
from instances.adoption_forms import AdoptForm, PlaceForm, initial_of
from instances.adoption_words import Remark
from instances.models import Instance
from instances.presentation import show
from instances.tabs import Tab
from instances.their_server import is_adopted
from orgs.access import Access
from orgs.roles import Permission
from redisgate.lib import form_refusals
from redisgate.lib.errors import RedisGateError
from redisgate.lib.htmx import is_htmx

TAB = Tab(
    position=45,
    name="server",
    label="Server",
    icon="server",
    url_name="instances:server",
    permission=Permission.INSTANCE_OPERATE,
    fits=is_adopted,
)
CHECK = "check"
"""The button that only looks."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def adopt(request: HttpRequest, org: str) -> HttpResponse:
    """Ask for a server, say what we may do there, and take it in."""
    access = pages.enter(request, org, Permission.INSTANCE_CREATE)
    adoption.refuse_switched_off()
    form = AdoptForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return render(request, "instances/adopt.html", pages.context(access, form=form))
    remarks = _remarks(actor_of(request, Means.DASHBOARD), form)
    if remarks and request.POST.get("step") != CHECK:
        made = _adopted(request, access, form)
        if made is not None:
            messages.success(request, f"{made.name} is adopted. Its keys work in a moment.")
            return _go_to(request, access, made)
    return _answer(request, "adopt", pages.context(access, form=form, remarks=remarks))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def server(request: HttpRequest, org: str, instance: str) -> HttpResponse:
    """Show where an adopted server is, and change it."""
    access = pages.enter(request, org, Permission.INSTANCE_OPERATE)
    found = pages.find(access, instance)
    adoption.refuse_own(found)
    initial = initial_of(found.their_server)
    form = PlaceForm(request.POST or None, request.FILES or None, initial=initial)
    values = pages.detail_context(access, show(access, found), tab=TAB.name, form=form)
    if request.method != "POST":
        return render(request, "instances/server.html", values)
    remarks = _remarks(actor_of(request, Means.DASHBOARD), form, found)
    if remarks and request.POST.get("step") != CHECK and _readdressed(request, found, form):
        messages.success(request, f"{found.name} is reached there from now on.")
        return _go_to(request, access, found)
    return _answer(request, "server", {**values, "remarks": remarks})


def _remarks(actor: Actor, form: PlaceForm, of: Instance | None = None) -> tuple[Remark, ...]:
    """Look at the server; nothing where the form or the server doesn't allow it."""
    if not form.is_valid():
        return ()
    place = form.place()
    try:
        findings = adoption.check(actor, place, of=of)
    except RedisGateError as error:
        form_refusals.show(error, form)
        return ()
    return adoption_words.remarks(findings, is_tls=place.is_tls, manages_users=place.manage_users)


def _adopted(request: HttpRequest, access: Access, form: AdoptForm) -> Instance | None:
    actor = actor_of(request, Means.DASHBOARD)
    name = form.cleaned_data["name"]
    try:
        return adoption.adopt(actor, access.organization, name=name, place=form.place())
    except RedisGateError as error:
        form_refusals.show(error, form)
        return None


def _readdressed(request: HttpRequest, instance: Instance, form: PlaceForm) -> bool:
    try:
        adoption.readdress(actor_of(request, Means.DASHBOARD), instance, form.place())
    except RedisGateError as error:
        form_refusals.show(error, form)
        return False
    return True


def _answer(request: HttpRequest, page: str, values: dict[str, object]) -> HttpResponse:
    """Answer htmx with the result alone, so that what was typed stays, the password too."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if values["form"].errors else HTTPStatus.OK  # type: ignore[attr-defined]
    if is_htmx(request):
        return render(request, "instances/_server_check.html", values, status=status)
    return render(request, f"instances/{page}.html", values, status=status)


def _go_to(request: HttpRequest, access: Access, instance: Instance) -> HttpResponse:
    where = reverse("instances:detail", args=[access.organization.slug, instance.id])
    return HttpResponseClientRedirect(where) if is_htmx(request) else redirect(where)
