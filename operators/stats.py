"""GET /stats: what metrics say of the whole platform, as JSON, for operators and their programs."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from observability import exposition, health, metrics, scrape
from observability.health import Finding
from observability.population import Counts
from operators import access

REFUSAL = (
    "Statistics are for operators: log in with an account that may use the admin, or send "
    "METRICS_TOKEN as a bearer token."
)


@csrf_exempt  # so that a POST is told 405, not that it lacks a token
@require_safe
async def stats(request: HttpRequest) -> JsonResponse:
    """Answer with all that isn't about single instances."""
    is_let_in = scrape.has_token(request) or access.is_operator(await request.auser())
    if not is_let_in:
        body: dict[str, Any] = {"code": "forbidden", "detail": REFUSAL}
        return JsonResponse(body, status=HTTPStatus.FORBIDDEN, headers=_PRIVATE)
    body = await sync_to_async(_body)(await health.findings())
    return JsonResponse(body, headers=_PRIVATE)


_PRIVATE = {"Cache-Control": "no-store"}


def _body(findings: Mapping[str, Finding]) -> dict[str, Any]:
    known = exposition.collected(findings)
    return {
        "version": settings.VERSION,
        "status": health.overall(dict(findings)),
        "components": health.render(dict(findings)),
        "metrics": {
            name: _nested(known[name])
            for _, described in metrics.COLLECTED
            if described is not metrics.INSTANCES
            for name in described
            if name in known
        },
    }


def _nested(counts: Counts) -> Any:
    """Give a number, or objects by the values of labels."""
    tree: dict[str, Any] = {}
    for labels, number in counts.items():
        if not labels:
            return number
        branch = tree
        for label in labels[:-1]:
            branch = branch.setdefault(label, {})
        branch[labels[-1]] = number
    return tree
