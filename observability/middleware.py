"""Count pages and API calls, by the route that answered and never by the path that was asked."""

import time
from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from observability import http_counts, metrics, redis_counts
from observability.methods import label_of
from observability.routes import route_of


@sync_and_async_middleware
def count_requests(
    get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]],
) -> Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]:
    """Count every answer, whichever middleware or view made it."""
    if iscoroutinefunction(get_response):

        async def middleware_async(request: HttpRequest) -> HttpResponseBase:
            began = time.perf_counter()
            response: HttpResponseBase = await get_response(request)
            _count(request, response, time.perf_counter() - began)
            return response

        return middleware_async

    def middleware(request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = get_response(request)
        assert isinstance(response, HttpResponseBase)  # static files are streamed
        _count(request, response, time.perf_counter() - began)
        return response

    return middleware


def _count(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    path = route_of(request)
    http_counts.count(request.method, path, response.status_code)
    metrics.HTTP_SECONDS.labels(label_of(request.method), path).observe(seconds)
    redis_counts.publish()
