"""Answers for htmx: how to know that it asks, and what it is told beside the page."""

from django.http import HttpRequest, HttpResponse
from django_htmx.http import replace_url, trigger_client_event


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def toast(response: HttpResponse, words: str, *, level: str = "success") -> HttpResponse:
    """Have the page that is open say something, too."""
    return trigger_client_event(response, "toast", {"level": level, "message": words})


def at_address(response: HttpResponse, path: str, query: str) -> HttpResponse:
    """Have the page that is open bear this address from now on, without what says nothing."""
    return replace_url(response, f"{path}?{query}" if query else path)
