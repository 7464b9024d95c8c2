"""Where the description of the APIs is served, as data and as pages."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from redisgate.middleware import csp
from redisgate.openapi.description import MEDIA_TYPES, written

HEALTH, ORGANIZATIONS = "observability:health", "orgs_api:list"
DOCS_CSP = {
    # Both write styles of their own while they draw; scripts are files of ours, as everywhere.
    "style-src": ["'self'", "'unsafe-inline'"],
    "worker-src": ["'self'", "blob:"],
}


@require_GET
def index(request: HttpRequest) -> JsonResponse:
    """Say where everything is, to whoever tries the shortest address first."""
    places = {"schema": "schema", "docs": "docs", "reference": "redoc", "health": HEALTH}
    addresses = {name: request.build_absolute_uri(reverse(place)) for name, place in places.items()}
    organizations = request.build_absolute_uri(reverse(ORGANIZATIONS))
    body = {"version": settings.VERSION, "organizations": organizations, **addresses}
    return JsonResponse(body, headers={"Cache-Control": "no-store"})


@require_GET
def schema(request: HttpRequest) -> HttpResponse:
    """Give JSON, unless ``?format=yaml`` or ``Accept`` wants YAML."""
    asked = request.GET.get("format") or request.headers.get("Accept", "")
    wants_yaml = "yaml" in asked or asked == MEDIA_TYPES["yaml"]
    form = "yaml" if wants_yaml else "json"
    return HttpResponse(written(form), content_type=f"{MEDIA_TYPES[form]}; charset=utf-8")


@require_GET
def swagger(request: HttpRequest) -> HttpResponse:
    """Show the operations, and let people try them as who they are signed in as."""
    return _page(request, "openapi/swagger.html")


@require_GET
def redoc(request: HttpRequest) -> HttpResponse:
    """Show the operations as one document to read."""
    return _page(request, "openapi/redoc.html")


def _page(request: HttpRequest, template: str) -> HttpResponse:
    answer = render(request, template)
    answer.headers[csp.HEADER] = csp.policy_of({**settings.SECURE_CSP, **DOCS_CSP})
    return answer
