"""Requests that clients give up on, over real connections: counted, timed and told, once each."""

import asyncio
import socket
import threading
import time
from typing import Any

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import path
from pytest_django import Settings

from observability import metrics
from tests.served import served
from tests.waiting import PATIENCE_SECONDS, until, wait_until

has_begun, is_cancelled = threading.Event(), threading.Event()


async def waits(request: HttpRequest) -> HttpResponse:
    has_begun.set()
    await asyncio.get_running_loop().create_future()
    raise AssertionError


def works(request: HttpRequest) -> HttpResponse:
    """Go on in a thread, which nobody can cancel."""
    has_begun.set()
    assert is_cancelled.wait(PATIENCE_SECONDS)
    return HttpResponse("done")


urlpatterns = [path("waits/", waits), path("works/", works)]


@pytest.fixture(autouse=True)
def pages(settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    settings.SLOW_REQUEST_MS = 1
    has_begun.clear()
    is_cancelled.clear()


def application() -> Any:
    """Give Django, with somebody who tells when it has cancelled a request."""
    django, tellers = ASGIHandler(), set()

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        tellers.add(asyncio.create_task(tell_when_cancelled()))
        await django(scope, receive, send)

    return watched


async def tell_when_cancelled() -> None:
    await until(lambda: any(task.cancelling() for task in asyncio.all_tasks()))
    is_cancelled.set()


def counts(route: str) -> dict[str, float]:
    """Give what is counted of a route by status, and how many were timed."""
    names = {"http_requests_total", "http_request_duration_seconds_count"}
    samples = [sample for metric in metrics.REGISTRY.collect() for sample in metric.samples]
    return {
        each.labels.get("status", "timed"): each.value
        for each in samples
        if each.name in names and each.labels["path"] == route
    }


@pytest.mark.parametrize("route", ["/waits/", "/works/"])
def test_a_request_that_its_client_gives_up_is_seen(
    route: str, caplog: pytest.LogCaptureFixture
) -> None:
    with served(application(), lifespan="off") as port:
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(f"GET {route} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            assert has_begun.wait(PATIENCE_SECONDS)
            time.sleep(0.002)  # more than SLOW_REQUEST_MS, however quick the machine is
        wait_until(lambda: counts(route), "it is counted")
    assert counts(route) == {"499": 1, "timed": 1}
    (told,) = [line for line in caplog.records if line.name == "redisgate.slow"]
    assert told.getMessage().startswith(f"slow: GET {route} took ")
