"""What other sites try: to act in somebody else's name."""

from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.test import Client
from django.urls import get_resolver
from rest_framework.views import APIView

from redisgate.asgi import application
from tests.access.conftest import World, objects_of
from tests.access.matrix import Row, send
from tests.access.test_matrix import ROWS, patterns
from tests.conftest import Cast

UNSAFE = [row for row in ROWS if row.method != "GET"]
ORIGINS = (
    "http://evil.example",
    "https://testserver",
    "http://testserver.evil.example",
    "http://testserver:8001",
    "http://evil.testserver@evil.example",
    "null",
    "",
    "file://",
)
READ_ONLY = {
    *("health", "health/live", "health/ready", "health/startup", "version", "metrics"),
    "stats",  # which reads a cookie, and changes nothing
}
FOR_PROVIDERS = {
    "accounts/saml/<slug:organization_slug>/acs/",
    "accounts/^saml/(?P<organization_slug>[^/]+)/acs/",
    "accounts/^saml/(?P<organization_slug>[^/]+)/sls/",
}
"""An identity provider signs what it has the browser post here."""


@pytest.fixture
def world(cast: Cast) -> World:
    mine = objects_of(cast.acme, "cache", cast.owner)
    return World(cast, mine=mine, foreign={}, unknown={})


def test_no_other_site_changes_anything_in_a_sessions_name(world: World) -> None:
    visitor = Client(enforce_csrf_checks=True)
    visitor.force_login(world.cast.owner)
    passed = [
        str(row)
        for row in UNSAFE
        if not is_open(row) and send(visitor, row, world.mine).status_code != 403
    ]
    assert not passed


def test_only_what_reads_no_cookie_is_left_out_of_the_form_tokens() -> None:
    left_out = {
        route
        for route, pattern in patterns(get_resolver())
        if getattr(pattern.callback, "csrf_exempt", False) and not is_api(pattern.callback)
    }
    assert left_out <= READ_ONLY | FOR_PROVIDERS


def is_api(view: Any) -> bool:
    """Tell what asks for the token itself, where a cookie says who calls."""
    return issubclass(getattr(view, "cls", object), APIView)


def is_open(row: Row) -> bool:
    """Tell what looks at no cookie, because nobody needs to be known there."""
    asks = len(set(row.statuses.split())) > 1
    return row.path.startswith("/auth/") and not (asks and row.expected("anonymous") == 401)


@pytest.mark.django_db  # Channels looks after a connection that an earlier test has left
@pytest.mark.parametrize("origin", ORIGINS)
async def test_no_other_site_opens_a_socket(origin: str) -> None:
    path = "/ws/orgs/00000000-0000-4000-8000-000000000000/"
    headers = [(b"host", b"testserver"), (b"origin", origin.encode())]
    scope = {"type": "websocket", "scheme": "ws", "path": path, "headers": headers}
    socket: Any = ApplicationCommunicator(application, {**scope, "query_string": b""})  # type: ignore[no-untyped-call]
    await socket.send_input({"type": "websocket.connect"})
    answer = await socket.receive_output(5)
    assert answer["type"] == "websocket.close"
