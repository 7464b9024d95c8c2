"""Content-Security-Policy, under the setting's name in Django 6, where this file goes."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

HEADER = "Content-Security-Policy"


def policy() -> str:
    return policy_of(settings.SECURE_CSP)


def policy_of(directives: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(
        f"{directive} {' '.join(sources)}" for directive, sources in directives.items()
    )


@sync_and_async_middleware
def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]],
) -> Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]:
    """Allow our own files and nothing else: no inline script, no foreign origin."""
    value = policy()

    if iscoroutinefunction(get_response):

        async def middleware_async(request: HttpRequest) -> HttpResponseBase:
            response: HttpResponseBase = await get_response(request)
            response.headers.setdefault(HEADER, value)
            return response

        return middleware_async

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        assert isinstance(response, HttpResponseBase)  # exports are streamed
        response.headers.setdefault(HEADER, value)
        return response

    return middleware
