"""In the APIs a trailing slash means the same as none, and nothing ever redirects."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

API_ROOTS = ("/api/", "/auth/")
GetResponse = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def without_trailing_slash(get_response: GetResponse) -> GetResponse:
    """Route a path of the APIs as if its trailing slash weren't there."""
    if iscoroutinefunction(get_response):

        async def middleware_async(request: HttpRequest) -> HttpResponseBase:
            _cut(request)
            response: HttpResponseBase = await get_response(request)
            return response

        return middleware_async

    def middleware(request: HttpRequest) -> HttpResponseBase:
        _cut(request)
        response = get_response(request)
        assert isinstance(response, HttpResponseBase)  # exports are streamed
        return response

    return middleware


def _cut(request: HttpRequest) -> None:
    if request.path_info.startswith(API_ROOTS):
        request.path_info = request.path_info.rstrip("/")
