"""Where a person lands: what there is, and the one next thing to do."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.actors import person
from orgs import access as org_access
from orgs import first_steps
from orgs.roles import Permission


@require_safe
@never_cache
@login_required
def overview(request: HttpRequest, org: str) -> HttpResponse:
    """Show an organization. Instances and quota fetch themselves from the rooms that own them."""
    access = org_access.enter(person(request), org, Permission.ORGANIZATION_VIEW)
    progress = first_steps.progress_of(access)
    current = progress.current
    values = {
        "organization": access.organization,
        "section": "overview",
        "progress": progress,
        "may_create": access.may(Permission.INSTANCE_CREATE),
        "may_take_step": current is not None and access.may(current.permission),
    }
    return render(request, "orgs/overview.html", values)
