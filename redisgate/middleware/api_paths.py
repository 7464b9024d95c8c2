"""In the APIs a trailing slash means the same as none, and nothing ever redirects."""

from django.http import HttpRequest

from redisgate.lib.around import Steps, around

API_ROOTS = ("/api/", "/auth/")


@around
def without_trailing_slash(request: HttpRequest) -> Steps:
    """Route a path of the APIs as if its trailing slash weren't there."""
    if request.path_info.startswith(API_ROOTS):
        request.path_info = request.path_info.rstrip("/")
    yield
