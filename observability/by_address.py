"""Let machines ask by address how it is: kubelet and Prometheus know pods by nothing else.

A page on somebody's site that makes a browser ask us under a name of its own is still refused,
because that name is no address.
"""

from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from urllib.parse import urlsplit

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

FOR_MACHINES = ("/health", "/metrics", "/version")
GetResponse = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]


@sync_and_async_middleware
def answer_by_address(get_response: GetResponse) -> GetResponse:
    """Take any address for one of ALLOWED_HOSTS where the answer doesn't depend on it."""
    if iscoroutinefunction(get_response):

        async def middleware_async(request: HttpRequest) -> HttpResponseBase:
            _name(request)
            response: HttpResponseBase = await get_response(request)
            return response

        return middleware_async

    def middleware(request: HttpRequest) -> HttpResponseBase:
        _name(request)
        response = get_response(request)
        assert isinstance(response, HttpResponseBase)  # static files are streamed
        return response

    return middleware


def _name(request: HttpRequest) -> None:
    if request.path_info.startswith(FOR_MACHINES) and _is_address(request.META.get("HTTP_HOST")):
        request.META["HTTP_HOST"] = urlsplit(settings.PUBLIC_URL).netloc


def _is_address(host: str | None) -> bool:
    domain, _ = split_domain_port(host or "")
    try:
        ip_address(domain.strip("[]"))
    except ValueError:
        return False
    return True
