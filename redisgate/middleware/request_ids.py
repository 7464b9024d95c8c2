"""X-Request-ID: accepted where it is sane, made where it is missing, echoed always."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from redisgate.lib import request_id

GetResponse = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def request_ids(get_response: GetResponse) -> GetResponse:
    """Give each request a name that whoever looks for it later can quote."""
    if iscoroutinefunction(get_response):

        async def middleware_async(request: HttpRequest) -> HttpResponseBase:
            with request_id.named(request.headers.get(request_id.HEADER)) as name:
                response: HttpResponseBase = await get_response(request)
            response.headers[request_id.HEADER] = name
            return response

        return middleware_async

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with request_id.named(request.headers.get(request_id.HEADER)) as name:
            response = get_response(request)
        assert isinstance(response, HttpResponseBase)  # static files are streamed
        response.headers[request_id.HEADER] = name
        return response

    return middleware
