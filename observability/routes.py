"""Addresses of ours by their pattern: few, and without anybody's data."""

from django.conf import settings
from django.http import HttpRequest

from observability import http_counts


def told(request: HttpRequest) -> str:
    """Name a request in the log: by its route, because the path of a link opens an account."""
    return f"{request.method} {route_of(request)}"


def route_of(request: HttpRequest) -> str:
    """Give the route that answered, or will; never the path that was asked."""
    if request.resolver_match is not None:
        return "/" + request.resolver_match.route
    is_static = request.path_info.startswith(settings.STATIC_URL)
    return settings.STATIC_URL if is_static else http_counts.UNKNOWN
