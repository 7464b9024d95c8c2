"""A page with one of each component, and answers of every kind for it; only for tests."""

import json
import threading
from functools import cache
from itertools import count
from pathlib import Path
from types import SimpleNamespace

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.backends.django import DjangoTemplates
from django.urls import path

from redisgate import urls as platform
from redisgate.middleware import csp

polls = count(1)
release = threading.Event()


@cache
def templates() -> DjangoTemplates:
    """Know the specimen's templates, too, without a change to what other threads render with."""
    own = Path(__file__).parent / "templates"
    options = settings.TEMPLATES[0]["OPTIONS"]
    places = [settings.BASE_DIR / "templates", own]
    return DjangoTemplates(
        {"NAME": "specimen", "DIRS": places, "APP_DIRS": True, "OPTIONS": options}
    )


def specimen(request: HttpRequest) -> HttpResponse:
    snippets = [
        SimpleNamespace(key="curl", label="cURL", code="curl <url>"),
        SimpleNamespace(key="python", label="Python", code="import os"),
    ]
    socket = request.GET.get("socket", "")
    values = {"snippets": snippets, "socket": socket}
    page = HttpResponse(templates().get_template("specimen.html").render(values, request))
    # Its socket is not at the platform's own address.
    page[csp.HEADER] = csp.policy_of({**settings.SECURE_CSP, "connect-src": ["'self'", socket]})
    return page


def polled(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(next(polls)))


def announce(_request: HttpRequest) -> HttpResponse:
    event = {"toast": {"level": "success", "message": "<b>Done</b>"}}
    return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(event)})


def answer(_request: HttpRequest, status: int) -> HttpResponse:
    return HttpResponse("never shown", status=status)


def log_in_first(_request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect("/accounts/login/?next=/specimen")


def slow(_request: HttpRequest) -> HttpResponse:
    release.wait(timeout=60)
    return HttpResponse("ready")


urlpatterns = [
    path("specimen", specimen),
    path("specimen/polled", polled),
    path("specimen/announce", announce),
    path("specimen/answer/<int:status>", answer),
    path("specimen/log-in-first", log_in_first),
    path("specimen/slow", slow),
    *platform.urlpatterns,
]
