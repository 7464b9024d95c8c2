"""How people and programs are answered while the database is away: with 503, and no query."""

import logging

from django.http import HttpRequest, HttpResponse

from redisgate import error_pages, problems
from redisgate.lib.errors import Unavailable
from redisgate.lib.htmx import is_htmx
from redisgate.lib.toasts import toast
from redisgate.middleware.api_paths import API_ROOTS

log = logging.getLogger("redisgate.database_away")


def answer(request: HttpRequest, refusal: Unavailable) -> HttpResponse:
    """Answer without asking the database who asks, in one line of the log."""
    log.error("%s %s: %s", request.method, request.path, refusal.log)
    if request.path.startswith(API_ROOTS):
        response: HttpResponse = problems.response(refusal.status, refusal.message)
    elif is_htmx(request):
        return toast(refusal)
    else:
        response = error_pages.render_bare("503.html", refusal.status)
    for name, value in refusal.retry_headers.items():
        response[name] = value
    return response
