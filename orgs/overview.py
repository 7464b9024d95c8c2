"""Where a person lands: what there is, and the one next thing to do."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.actors import person
from orgs import access as org_access
from orgs import contents, first_steps, panels, visits
from orgs.access import Access
from orgs.roles import Permission
from redisgate.lib.errors import NotFound
from redisgate.lib.htmx import is_htmx


@require_safe
@never_cache
@login_required
def overview(request: HttpRequest, org: str) -> HttpResponse:
    """Show an organization; what is in it the rooms above tell that own it."""
    access = org_access.enter(person(request), org, Permission.ORGANIZATION_VIEW)
    if access.organization.is_deleting:
        return render(request, "orgs/deleting.html", _deleting(access))
    progress = first_steps.progress_of(access)
    current = progress.current
    values = {
        "organization": access.organization,
        "section": "overview",
        "progress": progress,
        "may_create": access.may(Permission.INSTANCE_CREATE),
        "may_take_step": current is not None and access.may(current.permission),
    }
    values.update(panels.of_overview(request, access))
    response = render(request, "orgs/overview.html", values)
    visits.remember(request, response, access.organization)
    return response


@require_safe
@never_cache
@login_required
def deleting(request: HttpRequest, org: str) -> HttpResponse:
    """Say how far a deletion is, to a page that asks again and again until all is gone."""
    try:
        access = org_access.enter(person(request), org, Permission.ORGANIZATION_VIEW)
    except NotFound:
        if not is_htmx(request):
            raise
        return HttpResponseClientRedirect(reverse("home"))
    return render(request, "orgs/_deleting.html", _deleting(access))


def _deleting(access: Access) -> dict[str, object]:
    return {
        "organization": access.organization,
        "section": "overview",
        "left": contents.in_words(contents.contents_of(access.organization)),
    }
