"""The quota as a part of other pages."""

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.actors import person
from quotas import access, notices, plans, services
from quotas.usage import RESOURCES

WORDS = {
    notices.NEARLY: {
        "level": "warning",
        "title": "Nearly full",
        "message": "80 % of a limit is used. The quota on the overview says of which.",
    },
    notices.FULL: {
        "level": "warning",
        "title": "Limit reached",
        "message": "Delete what you no longer use, or ask your operator to raise the limit.",
    },
}
"""The toast when a limit is crossed while the page is open."""


@require_safe
@login_required
def widget(request: HttpRequest, org: str) -> HttpResponse:
    """Draw the progress bars alone, for htmx to put into a page."""
    organization = access.to_see(person(request), org)
    usage = services.usage(organization)
    level = max(notices.level_of(usage.of(resource)) for resource in RESOURCES)
    context = {
        "organization": organization,
        "usage": usage,
        "plan": plans.of(organization),
        "level": level,
    }
    response = render(request, "quotas/_widget.html", context)
    if level > _level_seen(request):
        response.headers["HX-Trigger"] = json.dumps({"toast": WORDS[level]})
    return response


def _level_seen(request: HttpRequest) -> int:
    """Read what the page shows already; one that shows nothing yet needs no toast about it."""
    seen = request.GET.get("level", "")
    return int(seen) if seen in {"0", "80", "100"} else notices.FULL
