"""The part of the overview that keeps itself true, and hints that somebody puts off."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.actors import person
from orgs import access as org_access
from orgs.roles import Permission
from overview import page, putting_off


@require_safe
@never_cache
@login_required
def now(request: HttpRequest, org: str) -> HttpResponse:
    """Draw the figures, the hints and the instances alone, for htmx to put into the page."""
    access = org_access.enter(person(request), org, Permission.ORGANIZATION_VIEW)
    seen, _ = page.now_for(request, access)
    values = {"organization": access.organization, "now": seen}
    return render(request, "overview/_now.html", values)


@require_POST
@login_required
def put_off(request: HttpRequest, org: str) -> HttpResponse:
    """Hide a hint for a week from this browser, or show all of them again."""
    access = org_access.enter(person(request), org, Permission.ORGANIZATION_VIEW)
    response = redirect("orgs:overview", org=access.organization.slug)
    key = request.POST.get("hint", "")
    if key:
        putting_off.add(request, response, key)
    else:
        seen, _ = page.now_for(request, access)
        putting_off.end(request, response, seen.told.put_off)
    return response
