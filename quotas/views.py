"""The quota as a part of other pages."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.actors import person
from quotas import access, services


@require_safe
@login_required
def widget(request: HttpRequest, org: str) -> HttpResponse:
    """Draw the progress bars alone, for htmx to put into a page."""
    organization = access.to_see(person(request), org)
    context = {"organization": organization, "usage": services.usage(organization)}
    return render(request, "quotas/_widget.html", context)
