"""The front door, and pages for what went wrong."""

import sys
from http import HTTPStatus

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import User
from orgs import onboarding, visits
from redisgate import database_away, error_pages, problems
from redisgate.lib.database_refusal import refusal_of
from redisgate.middleware.api_paths import API_ROOTS
from welcome import landing


def home(request: HttpRequest) -> HttpResponse:
    """Show visitors what this is, and members the organization that they were in last."""
    if isinstance(request.user, User):
        last = visits.last_of(request, request.user)
        organization = last or onboarding.home_of(request.user)
        if organization is None:
            return redirect("orgs:list")
        return redirect("orgs:overview", org=organization.slug)
    return render(request, "landing.html", {"snippets": landing.examples()})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, DisallowedHost):
        return error_pages.render_bare("400_host.html", HTTPStatus.BAD_REQUEST)
    return _went_wrong(request, HTTPStatus.BAD_REQUEST, "This request can't be understood.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _went_wrong(request, HTTPStatus.FORBIDDEN, "This is not allowed.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _went_wrong(request, HTTPStatus.NOT_FOUND, "There is nothing here. Check the address.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Say so without the database, which may be what is away."""
    if refusal := refusal_of(sys.exc_info()[1]):
        return database_away.answer(request, refusal)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    if request.path.startswith(API_ROOTS):
        return problems.response(status, "This is our fault. Try again in a moment.")
    return error_pages.render_bare("500.html", status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open for too long, or a foreign page that posts to us."""
    if request.path.startswith(API_ROOTS):
        return problems.response(
            HTTPStatus.FORBIDDEN,
            "A browser's session needs the header X-CSRFToken. Send it, or come with a token.",
        )
    page = error_pages.render(request, "403_csrf.html", HTTPStatus.FORBIDDEN)
    page["X-Refused"] = "form_expired"  # a script gets a token of today, and tries again
    return page


def _went_wrong(request: HttpRequest, status: HTTPStatus, words: str) -> HttpResponse:
    """Speak to programs in problem details, and to people in a page."""
    if request.path.startswith(API_ROOTS):
        return problems.response(status, words)
    return error_pages.render(request, f"{status.value}.html", status)
