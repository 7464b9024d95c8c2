"""A refusal of a page becomes a page with the next step, or a toast for htmx."""

import logging
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from observability.routes import told
from redisgate import database_away, error_pages, problems
from redisgate.lib.database_refusal import refusal_of
from redisgate.lib.errors import RedisGateError
from redisgate.lib.htmx import is_htmx
from redisgate.lib.toasts import toast
from redisgate.middleware.api_paths import API_ROOTS

log = logging.getLogger("redisgate.refusals")


class RefusalMiddleware:
    """Catch `RedisGateError` from views; the APIs have handlers of their own and never get here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED or response.content:
            return response
        return _worded(request, response["Allow"])

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if refusal := refusal_of(exception):
            return database_away.answer(request, refusal)
        if not isinstance(exception, RedisGateError):
            return None
        log.info("%s refused: %s (%s)", told(request), exception.log, exception.code)
        if is_htmx(request):
            return toast(exception)
        page = error_pages.render(request, "refusal.html", exception.status, error=exception)
        for name, value in exception.retry_headers.items():
            page[name] = value
        return page


def _worded(request: HttpRequest, allowed: str) -> HttpResponse:
    """Say in words what Django says with nothing but a status."""
    if request.path.startswith(API_ROOTS):
        words = f"This address doesn't take {request.method}. It takes {allowed}."
        answer: HttpResponse = problems.response(HTTPStatus.METHOD_NOT_ALLOWED, words)
    else:
        answer = error_pages.render(request, "405.html", HTTPStatus.METHOD_NOT_ALLOWED)
    answer["Allow"] = allowed
    return answer
