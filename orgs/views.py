"""Pages about organizations: list, creation, settings, deletion."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import reauthentication
from accounts.actors import actor_of, person
from audit.actors import Means
from orgs import access, contents, deletion, panels, services
from orgs.access import Access
from orgs.forms import DeleteForm, OrganizationForm
from orgs.models import Organization
from orgs.roles import Permission
from redisgate.lib import form_refusals
from redisgate.lib.errors import InvalidInput


@require_safe
@login_required
def organization_list(request: HttpRequest) -> HttpResponse:
    """Show the person's organizations and their role in each."""
    user = person(request)
    mine = access.organizations_of(user).annotate(role=F("memberships__role"))
    return render(request, "orgs/list.html", panels.of_list(user, mine))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def create(request: HttpRequest) -> HttpResponse:
    """Ask for a name, and make an organization."""
    form = OrganizationForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            organization = services.create(
                actor_of(request, Means.DASHBOARD), owner=person(request), **form.cleaned_data
            )
        except InvalidInput as refusal:
            form_refusals.show(refusal, form)
        else:
            messages.success(request, f"{organization.name} is ready. Create its first instance.")
            return redirect("orgs:overview", org=organization.slug)
    return render(request, "orgs/create.html", {"form": form}, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settings(request: HttpRequest, org: str) -> HttpResponse:
    """Show what an organization is called, and let those who may change it."""
    needed = (
        Permission.ORGANIZATION_EDIT if request.method == "POST" else Permission.ORGANIZATION_VIEW
    )
    entered = access.enter(person(request), org, needed)
    organization = entered.organization
    form = OrganizationForm(
        _posted(request),
        initial={"name": organization.name, "description": organization.description},
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.update(actor_of(request, Means.DASHBOARD), organization, **form.cleaned_data)
        except InvalidInput as refusal:
            form_refusals.show(refusal, form)
        else:
            messages.success(request, "Saved.")
            return redirect("orgs:settings", org=organization.slug)
    return _settings_page(request, entered, form, DeleteForm(name=organization.name))


@require_POST
@login_required
def delete(request: HttpRequest, org: str) -> HttpResponse:
    """Delete an organization whose name was typed, with all that is in it."""
    entered = access.enter(person(request), org, Permission.ORGANIZATION_DELETE)
    organization = entered.organization
    form = DeleteForm(request.POST, name=organization.name)
    if not form.is_valid():
        initial = {"name": organization.name, "description": organization.description}
        return _settings_page(request, entered, OrganizationForm(initial=initial), form)
    return _delete(request, organization)


@reauthentication.required
def _delete(request: HttpRequest, organization: Organization) -> HttpResponse:
    if not deletion.delete(actor_of(request, Means.DASHBOARD), organization):
        return redirect("orgs:overview", org=organization.slug)
    messages.success(request, f"{organization.name} is deleted.")
    return redirect("orgs:list")


def _settings_page(
    request: HttpRequest, entered: Access, form: OrganizationForm, delete_form: DeleteForm
) -> HttpResponse:
    context = {
        "organization": entered.organization,
        "section": "settings",
        "role": entered.role,
        "form": form,
        "delete_form": delete_form,
        "may_edit": entered.may(Permission.ORGANIZATION_EDIT),
        "may_delete": entered.may(Permission.ORGANIZATION_DELETE),
        "ending": _ending(entered),
    }
    return render(request, "orgs/settings.html", context, status=_status(form, delete_form))


def _ending(entered: Access) -> str:
    """Say what a deletion would end, to those who may delete."""
    if not entered.may(Permission.ORGANIZATION_DELETE):
        return ""
    return contents.in_words(contents.contents_of(entered.organization))


def _status(*forms: OrganizationForm | DeleteForm) -> int:
    is_refused = any(form.is_bound and form.errors for form in forms)
    return HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None
