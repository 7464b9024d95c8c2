"""How people and programs are answered while the database is away: with 503, and no query."""

from django.http import HttpRequest, HttpResponse

from redisgate import error_pages, outage, problems
from redisgate.lib.errors import Unavailable
from redisgate.lib.htmx import is_htmx
from redisgate.lib.toasts import toast
from redisgate.middleware.api_paths import API_ROOTS


def answer(request: HttpRequest, refusal: Unavailable) -> HttpResponse:
    """Answer without asking the database who asks."""
    outage.tell(request, refusal)
    if request.path.startswith(API_ROOTS):
        response: HttpResponse = problems.response(refusal.status, refusal.message)
    elif is_htmx(request):
        return toast(refusal)
    else:
        response = error_pages.render_bare("503.html", refusal.status)
    for name, value in refusal.retry_headers.items():
        response[name] = value
    return response
