"""The statement as a page, and as a file."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.actors import person
from metering import charts, export, keeping, listing, statements
from metering.asked import month_asked
from metering.months import Month
from quotas import access, plans


@require_safe
@never_cache
@login_required
def usage(request: HttpRequest, org: str) -> HttpResponse:
    """Show a month, and how it compares with those before."""
    organization = access.to_see(person(request), org)
    now = timezone.now()
    month = month_asked(request.GET.get("month", ""), organization, now)
    counted = keeping.counted(organization, month, now=now)
    found = statements.statement(organization, month, now=now, known=counted)
    history = statements.history(
        organization, now=now, known=found, sums=keeping.written_sums, lines=keeping.lines
    )
    values = {
        "organization": organization,
        "section": "usage",
        "statement": found,
        **listing.context(found, request.GET),
        "closes_at": statements.closes_at(month),
        "earlier": month.previous if month.previous >= Month.of(organization.created_at) else None,
        "later": month.next if month < Month.of(now) else None,
        "chart": charts.bars(history, chosen=month),
        "plan": plans.of(organization),
    }
    return render(request, "metering/usage.html", values)


@require_safe
@login_required
def csv(request: HttpRequest, org: str) -> HttpResponse:
    """Give the month as a file."""
    organization = access.to_see(person(request), org)
    now = timezone.now()
    month = month_asked(request.GET.get("month", ""), organization, now)
    return export.csv_response(statements.statement(organization, month, now=now))
