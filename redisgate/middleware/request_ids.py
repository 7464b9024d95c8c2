"""X-Request-ID: accepted where it is sane, made where it is missing, echoed always.

With it begin the scope in which the log is told what a request is about, and its place in a trace.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from redisgate.lib import log_context, request_id, trace_context

GetResponse = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def request_ids(get_response: GetResponse) -> GetResponse:
    """Give each request a name that whoever looks for it later can quote."""
    if iscoroutinefunction(get_response):

        async def middleware_async(request: HttpRequest) -> HttpResponseBase:
            with _begun(request) as name:
                response: HttpResponseBase = await get_response(request)
            response.headers[request_id.HEADER] = name
            return response

        return middleware_async

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with _begun(request) as name:
            response = get_response(request)
        assert isinstance(response, HttpResponseBase)  # static files are streamed
        response.headers[request_id.HEADER] = name
        return response

    return middleware


@contextmanager
def _begun(request: HttpRequest) -> Iterator[str]:
    asked = request.headers.get(request_id.HEADER)
    trace = request.headers.get(trace_context.HEADER)
    with log_context.scope(), trace_context.continued(trace), request_id.named(asked) as name:
        yield name
