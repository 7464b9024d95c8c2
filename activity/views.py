"""Pages of the audit log: the list with its filters, one event, and exports."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.actors import person
from activity import access, exports, presentation, reading
from activity.filters import FilterForm
from redisgate.lib.errors import InvalidInput
from redisgate.lib.htmx import is_htmx

PAGE_SIZE = 50
PAGE_FORMATS = ("csv", "json")


@require_safe
@never_cache
@login_required
def event_list(request: HttpRequest, org: str) -> HttpResponse:
    """Show the newest events that were asked for, or for htmx only those, or the next ones."""
    entered = access.enter(person(request), org)
    organization = entered.organization
    form = FilterForm(request.GET)
    page, status = reading.Page([], None), 422
    if form.is_valid():
        after = reading.place(request.GET.get("cursor", ""))
        page = reading.page(organization.pk, form.cleaned_data, after, size=PAGE_SIZE)
        status = 200
    context = {
        "organization": organization,
        "section": "activity",
        "form": form,
        "is_narrow": not form.errors and form.is_narrow,
        "is_first": "cursor" not in request.GET,
        "page": page,
        "events": presentation.shown(organization, page.events),
        "query": _query(request),
    }
    target = request.headers.get("HX-Target", "")
    if is_htmx(request) and target in PARTS:
        return render(request, PARTS[target], context, status=status)
    chosen = form.cleaned_data.get("actor")
    offered = FilterForm(request.GET, people=presentation.people(organization, chosen))
    offered.full_clean()
    return render(request, "activity/list.html", {**context, "form": offered}, status=status)


PARTS = {"events": "activity/_events.html", "more": "activity/_items.html"}
"""What htmx asks for, by the id of the place that it fills."""


@require_safe
@never_cache
@login_required
def event_detail(request: HttpRequest, org: str, event: UUID) -> HttpResponse:
    """Show one event under an address of its own, or for htmx what a list opens."""
    entered = access.enter(person(request), org)
    (found,) = presentation.shown(entered.organization, [access.find(entered, event)])
    context = {"organization": entered.organization, "section": "activity", "each": found}
    return render(request, f"activity/{'_facts' if is_htmx(request) else 'detail'}.html", context)


@require_safe
@never_cache
@login_required
def export(request: HttpRequest, org: str) -> StreamingHttpResponse:
    """Send all that the filters leave as a file."""
    organization = access.enter(person(request), org).organization
    kind = request.GET.get("format", "csv")
    if kind not in PAGE_FORMATS:
        raise InvalidInput(f"format must be one of {', '.join(PAGE_FORMATS)}.")
    wanted = access.filters(request.GET)
    return exports.response(request, organization.pk, organization.slug, wanted, kind)


def _query(request: HttpRequest) -> str:
    """Give the filters in force as they stand in an address."""
    fields = FilterForm.base_fields
    return urlencode({name: text for name in fields if (text := request.GET.get(name))})
