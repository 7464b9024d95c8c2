"""Probes for people and for load balancers. They need no sign-in and tell no secret."""

import time
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from observability import components, health
from observability.health import Status, Unhealthy
from redisgate.lib import leaving

STARTED_AT = time.monotonic()


@csrf_exempt  # so that a POST is told 405, not that it lacks a token
@require_safe
async def full(request: HttpRequest) -> JsonResponse:
    """Say how every component is; 503 when nothing works without a broken one."""
    found = await health.findings()
    status = health.overall(found)
    body = {
        "status": status,
        "version": settings.VERSION,
        "uptime_seconds": round(time.monotonic() - STARTED_AT, 1),
        "components": health.render(found),
    }
    return _answer(body, is_good=status is not Status.DOWN)


@csrf_exempt
@require_safe
async def live(request: HttpRequest) -> JsonResponse:
    """Answer as long as this process can answer at all."""
    return _answer({"status": Status.OK})


@csrf_exempt
@require_safe
async def startup(request: HttpRequest) -> JsonResponse:
    """Say whether this process has everything it needs; once it has, for ever."""
    try:
        await components.require_migrations()
    except Unhealthy as reason:
        return _answer({"status": Status.DOWN, "detail": str(reason)}, is_good=False)
    return _answer({"status": Status.OK})


@csrf_exempt
@require_safe
async def ready(request: HttpRequest) -> JsonResponse:
    """Say whether requests may be sent here: the database is there and up to date."""
    if leaving.is_announced():
        return _answer({"status": Status.DOWN, "detail": "It is shutting down."}, is_good=False)
    try:
        await components.require_migrations()
    except Unhealthy as reason:
        return _answer({"status": Status.DOWN, "detail": str(reason)}, is_good=False)
    found = await health.findings()
    if health.overall(found) is Status.DOWN:
        body = {"status": Status.DOWN, "detail": health.complaint(found)}
        return _answer(body, is_good=False)
    return _answer({"status": Status.OK})


@csrf_exempt
@require_safe
async def version(request: HttpRequest) -> JsonResponse:
    return _answer({"version": settings.VERSION})


def _answer(body: dict[str, Any], *, is_good: bool = True) -> JsonResponse:
    status = HTTPStatus.OK if is_good else HTTPStatus.SERVICE_UNAVAILABLE
    return JsonResponse(body, status=status, headers={"Cache-Control": "no-store"})
