"""The front door, and pages for what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.models import User
from orgs import onboarding


def home(request: HttpRequest) -> HttpResponse:
    """Show visitors what this is, and members their organization."""
    if isinstance(request.user, User):
        return redirect("orgs:overview", org=onboarding.landing_organization(request.user).slug)
    return render(request, "landing.html")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open for too long, or a foreign page that posts to us."""
    return render(request, "403_csrf.html", status=403)
