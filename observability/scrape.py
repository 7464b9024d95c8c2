"""GET /metrics, for Prometheus and nobody else."""

import hmac
from http import HTTPStatus
from ipaddress import ip_address

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from observability import exposition, health

REFUSAL = (
    "Metrics are for the machines in METRICS_NETWORKS, or for who sends METRICS_TOKEN as a "
    "bearer token.\n"
)
FORWARDED = ("X-Forwarded-For", "X-Real-Ip", "Forwarded")


@csrf_exempt  # so that a POST is told 405, not that it lacks a token
@require_safe
async def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the metrics of all workers."""
    if not (_is_near(request) or has_token(request)):
        status, text, kind = HTTPStatus.FORBIDDEN, REFUSAL.encode(), "text/plain; charset=utf-8"
    else:
        status, kind = HTTPStatus.OK, exposition.CONTENT_TYPE
        text = await sync_to_async(exposition.render)(await health.findings())
    headers = {"Content-Type": kind, "Cache-Control": "no-store"}
    return HttpResponse(text, status=status, headers=headers)


def _is_near(request: HttpRequest) -> bool:
    """Tell whether the request comes from one of the networks.

    Behind a proxy that nobody told us of everybody seems to come from its address.
    """
    if not settings.TRUSTED_PROXIES and any(name in request.headers for name in FORWARDED):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)  # who listens on :: sees IPv4 like this
    return any((mapped or address) in network for network in settings.METRICS_NETWORKS)


def has_token(request: HttpRequest) -> bool:
    """Tell whether the request carries METRICS_TOKEN."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if not settings.METRICS_TOKEN or scheme.lower() != "bearer":
        return False
    return hmac.compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
