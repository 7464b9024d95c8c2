"""Pages and API calls: counted by the route that answered, and told of where they took long."""

import time

from django.conf import settings
from django.http import HttpRequest

from observability import http_counts, metrics, redis_counts, slow
from observability.methods import label_of
from observability.routes import route_of
from observability.tracing import ROUTE
from redisgate.lib.around import Steps, around

PATIENT = ("/metrics", "/health")
"""They wait for what is away, and say so themselves."""
CLIENT_CLOSED_REQUEST = 499
"""What nginx says where the client didn't wait for the answer; nobody is sent it. A request that
web itself gives up, because it has to end, can't be told from it."""


@around
def watch_requests(request: HttpRequest) -> Steps:
    """Watch every request to its end, whichever middleware or view made the answer."""
    began = time.perf_counter()
    status = CLIENT_CLOSED_REQUEST
    try:
        response = yield
        status = response.status_code
    finally:
        _tell(request, status, time.perf_counter() - began)


def _tell(request: HttpRequest, status: int, seconds: float) -> None:
    route = route_of(request)
    _tell_trace(request, route)
    _count(request, route, status, seconds)
    _tell_slow(request, route, status, seconds)


def _tell_trace(request: HttpRequest, route: str) -> None:
    scope = getattr(request, "scope", None)
    if scope is not None:
        scope[ROUTE] = route


def _count(request: HttpRequest, route: str, status: int, seconds: float) -> None:
    http_counts.count(request.method, route, status)
    metrics.HTTP_SECONDS.labels(label_of(request.method), route).observe(seconds)
    redis_counts.publish()


def _tell_slow(request: HttpRequest, route: str, status: int, seconds: float) -> None:
    """Log it once when it took SLOW_REQUEST_MS or longer; 0 never does."""
    milliseconds = round(seconds * 1000)
    is_slow = settings.SLOW_REQUEST_MS and milliseconds >= settings.SLOW_REQUEST_MS
    if is_slow and not route.startswith(PATIENT):
        slow.tell(label_of(request.method), route, status, milliseconds)
