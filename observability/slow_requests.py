"""Say which pages and API calls took long, and tell the trace by which route they went."""

import time
from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from observability import slow
from observability.methods import label_of
from observability.routes import route_of
from observability.tracing import ROUTE

GetResponse = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]


PATIENT = ("/metrics", "/health")
"""They wait for what is away, and say so themselves."""


@sync_and_async_middleware
def tell_slow_requests(get_response: GetResponse) -> GetResponse:
    """Log a request once when it took SLOW_REQUEST_MS or longer; 0 never does."""
    if iscoroutinefunction(get_response):

        async def middleware_async(request: HttpRequest) -> HttpResponseBase:
            began = time.perf_counter()
            response: HttpResponseBase = await get_response(request)
            _look(request, response, time.perf_counter() - began)
            return response

        return middleware_async

    def middleware(request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = get_response(request)
        assert isinstance(response, HttpResponseBase)  # static files are streamed
        _look(request, response, time.perf_counter() - began)
        return response

    return middleware


def _look(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    scope = getattr(request, "scope", None)
    if scope is not None:
        scope[ROUTE] = route_of(request)
    milliseconds, route = round(seconds * 1000), route_of(request)
    is_slow = settings.SLOW_REQUEST_MS and milliseconds >= settings.SLOW_REQUEST_MS
    if is_slow and not route.startswith(PATIENT):
        slow.tell(label_of(request.method), route, response.status_code, milliseconds)
