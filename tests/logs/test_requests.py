"""What the lines of a request say, over the real middleware."""

import io
import logging
import time

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from observability import statements
from redisgate.lib import log_context
from redisgate.urls import handler500 as handler500
from redisgate.urls import urlpatterns as ours
from tests.conftest import Cast
from tests.logs.conftest import Lines
from tests.rows import add_instance

CANARY = "CANARY0123456789abcdef"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
SLOW_QUERY = """
    WITH RECURSIVE numbers(number) AS
        (SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < 100000)
    SELECT %s, 'CANARY0123456789abcdef', count(*) FROM numbers
"""


def broken(request: HttpRequest, word: str) -> HttpResponse:
    """Fail with everything in the words that must not be written down."""
    secret = request.POST["password"]
    logging.getLogger("some.library").error(
        "sent %s", dict(request.headers), extra={"token": secret, "url": request.get_full_path()}
    )
    try:
        raise ConnectionError(f"redis://default:{secret}@host and password={secret!r}")
    except ConnectionError as error:
        raise RuntimeError(f"{request.headers} {request.POST}") from error


urlpatterns = [path("broken/<str:word>", broken), *ours]


def test_refusal_of_a_page_says_who_and_where_and_in_which_trace(cast: Cast, lines: Lines) -> None:
    instance = add_instance(cast.acme)
    client = Client(
        headers={"x-request-id": "mine", "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
    )
    client.force_login(cast.viewer)
    client.post(f"/orgs/{cast.acme.slug}/instances/{instance.slug}/stop/")
    (line,) = [line for line in lines() if line["logger"] == "redisgate.refusals"]
    assert (line["request_id"], line["trace_id"]) == ("mine", TRACE)
    assert line["organization"] == str(cast.acme.pk)
    assert line["person"] == str(cast.viewer.pk)
    assert log_context.current() == {}


@pytest.mark.urls(__name__)
def test_no_secret_of_a_request_that_fails_is_written(
    cast: Cast, stream: io.StringIO, lines: Lines
) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(cast.owner)
    client.cookies["other"] = CANARY
    client.post(
        f"/broken/eyJhbGciOi.{CANARY}.x?_token={CANARY}&a=rg_eyJhbGciOi.{CANARY}",
        {"password": CANARY, "csrfmiddlewaretoken": CANARY},
        headers={"authorization": f"Bearer {CANARY}", "x-api-key": CANARY},
    )
    written = stream.getvalue()
    assert CANARY not in written
    failed = [line for line in lines() if line["logger"] == "django.request"]
    assert [stack["exc_type"] for stack in failed[0]["exception"]] == [
        "RuntimeError",
        "ConnectionError",
    ]
    assert failed[0]["person"] == str(cast.owner.pk)


@pytest.mark.urls(__name__)
def test_slow_request_is_told_once_by_its_route(
    db: None, lines: Lines, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SLOW_REQUEST_MS = 1
    monkeypatch.setattr("tests.logs.test_requests.pause", lambda: time.sleep(0.01))
    Client().get(f"/slow/{CANARY}")
    (line,) = [line for line in lines() if line["logger"] == "redisgate.slow"]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/slow/<str:word>", 200)
    assert line["duration_ms"] >= 10


def pause() -> None:
    """Take no time, unless a test wants it."""


def slow(_request: HttpRequest, word: str) -> HttpResponse:
    pause()
    return HttpResponse(word)


urlpatterns.insert(0, path("slow/<str:word>", slow))


def test_slow_query_is_told_without_its_values(db: None, lines: Lines, settings: Settings) -> None:
    settings.SLOW_QUERY_MS = 1
    with connection.cursor() as cursor:
        cursor.execute(SLOW_QUERY, [CANARY])
    (line,) = [line for line in lines() if line["logger"] == "redisgate.slow"]
    assert line["sql"].endswith("WHERE number < ?) SELECT %s, ?, count(*) FROM numbers")
    assert line["duration_ms"] >= 1
    assert CANARY not in str(line)


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ('SELECT "a1" FROM t2 WHERE x = 12.5', 'SELECT "a1" FROM t2 WHERE x = ?'),
        ("SET x = 'it''s' -- y", "SET x = ? -- y"),
        ("SELECT\n  1", "SELECT ?"),
    ],
)
def test_statements_are_told_without_values(sql: str, told: str) -> None:
    assert statements.without_values(sql) == told
