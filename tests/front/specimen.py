"""A page with one of each component, and answers of every kind for it; only for tests."""

import json
import threading
from itertools import count
from types import SimpleNamespace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path

from redisgate import urls as platform

polls = count(1)
release = threading.Event()


def specimen(request: HttpRequest) -> HttpResponse:
    snippets = [
        SimpleNamespace(key="curl", label="cURL", code="curl <url>"),
        SimpleNamespace(key="python", label="Python", code="import os"),
    ]
    return render(
        request, "specimen.html", {"snippets": snippets, "socket": request.GET.get("socket", "")}
    )


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
    release.wait(timeout=10)
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
