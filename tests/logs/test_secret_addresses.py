"""An address that opens an account is in no line, whoever writes one about a request to it."""

import io
import re
from typing import Any, NoReturn

import pytest
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from django.core import mail
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from redisgate import outage
from redisgate.lib import redaction
from redisgate.lib.errors import Conflict
from redisgate.lib.line_pace import LinePace
from redisgate.urls import handler500 as handler500
from redisgate.urls import urlpatterns as ours
from tests.conftest import Cast
from tests.logs.conftest import Lines

pytestmark = pytest.mark.django_db
COMMAND = "/redis/0a4f6a39-5f0f-4c9e-8d4c-b7d3c0a1f2e3"


def reset_link(cast: Cast) -> str:
    Client().post("/accounts/password/reset/", {"email": cast.owner.email})
    return link_in(str(mail.outbox[-1].body))


def confirm_link(cast: Cast) -> str:
    address = EmailAddress(pk=1, user=cast.owner, email=cast.owner.email)
    return f"/accounts/confirm-email/{EmailConfirmationHMAC(address).key}/"


def link_in(words: str) -> str:
    found = re.search(r"https?://[^/\s]+(/accounts/\S+)", words)
    assert found is not None
    return found[1]


def secret_of(link: str) -> str:
    """Give the part of which nothing may be written."""
    return link.rstrip("/").rpartition("/")[2].partition("-")[2] or link.split("/")[-2]


LINKS = [reset_link, confirm_link]


@pytest.fixture(params=LINKS, ids=lambda make: make.__name__)
def link(request: pytest.FixtureRequest, cast: Cast) -> str:
    made: str = request.param(cast)
    return made


def away(*_: Any) -> NoReturn:
    raise OperationalError("server closed the connection unexpectedly")


def test_it_is_not_told_while_the_database_is_away(
    link: str, stream: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outage, "_pace", LinePace())
    with connection.execute_wrapper(away):
        Client(raise_request_exception=False).get(link)
    assert "redisgate.database_away" in stream.getvalue()
    assert secret_of(link) not in stream.getvalue()


def refused(_request: HttpRequest, **_: str) -> HttpResponse:
    raise Conflict("Not now.")


def broken(_request: HttpRequest, **_: str) -> HttpResponse:
    raise RuntimeError


urlpatterns = [
    path("accounts/confirm-email/<str:key>/", refused),
    path("accounts/password/reset/key/<str:key>/", broken),
    path("redis/<uuid:instance>/<path:command>", broken),
    *ours,
]


@pytest.mark.urls(__name__)
def test_it_is_not_told_when_a_view_refuses_or_breaks(
    link: str, lines: Lines, stream: io.StringIO
) -> None:
    Client(raise_request_exception=False).get(link)
    assert lines()
    assert secret_of(link) not in stream.getvalue()


@pytest.mark.urls(__name__)
def test_command_in_an_address_is_not_told_when_the_view_breaks(
    lines: Lines, stream: io.StringIO
) -> None:
    Client(raise_request_exception=False).get(f"{COMMAND}/set/a-key/a-value")
    assert lines()[0]["event"] == f"Internal Server Error: {COMMAND}/[redacted]"
    assert "a-key" not in stream.getvalue()


@pytest.mark.parametrize("form", ["GET {}", "/accounts/login/?next={}", "http://host{}?a=b"])
def test_it_is_hidden_wherever_it_stands(link: str, form: str) -> None:
    for written in (link, link.replace("/", "%2F")):
        told = redaction.text(form.format(written))
        assert secret_of(link) not in told
        assert redaction.HIDDEN in told
