"""The page on which operators see how the platform is."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from operators import access
from operators.attention import concerns
from operators.largest import Measure, measure_named
from operators.overview import look
from operators.spans import SPANS

FIGURES = "operator-figures"
"""The part of the page that fetches itself anew."""


@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """Show it; to anybody else who is logged in there is no such page, whatever they send."""
    if not access.is_operator(request.user):
        raise Http404
    return _overview(request)


@require_safe
def _overview(request: HttpRequest) -> HttpResponse:
    seen = look(measure_named(request.GET.get("by", "")))
    values = {
        "section": "operators",
        "seen": seen,
        "concerns": concerns(seen),
        "spans": SPANS,
        "measures": list(Measure),
        "figures_id": FIGURES,
    }
    is_part = request.headers.get("HX-Target") == FIGURES
    name = "operators/_figures.html" if is_part else "operators/overview.html"
    return render(request, name, values)
