"""What is answered while the database is away."""

import json
import logging
import sqlite3
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, NoReturn

import psycopg
import pytest
from django.db import OperationalError, connection
from django.db.backends.signals import connection_created
from django.test import Client

from redisgate import outage
from redisgate.lib.calm_logs import Seldom
from redisgate.lib.database_refusal import refusal_of
from redisgate.lib.line_pace import LinePace
from tests.conftest import Cast

pytestmark = pytest.mark.django_db


def refuse(*_: Any) -> NoReturn:
    raise OperationalError("server closed the connection unexpectedly")


@pytest.fixture
def member(cast: Cast) -> Iterator[Client]:
    client = Client()
    client.force_login(cast.owner)
    client.raise_request_exception = False
    with connection.execute_wrapper(refuse):
        yield client


def test_page_says_that_nothing_is_lost_and_to_try_again(member: Client) -> None:
    answer = member.get("/orgs/")
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer["Retry-After"] == "2"
    assert "doesn't answer" in answer.text


def test_htmx_keeps_its_page_and_gets_the_words(member: Client) -> None:
    answer = member.get("/orgs/", headers={"HX-Request": "true"})
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer["HX-Reswap"] == "none"
    assert "Try again" in json.loads(answer["HX-Trigger"])["toast"]["message"]


def test_program_gets_a_problem_that_says_when_to_come_again(member: Client) -> None:
    answer = member.get("/api/organizations")
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer["Retry-After"] == "2"
    assert answer.json()["code"] == "unavailable"


def test_outage_is_a_warning_a_second_however_many_meet_it(
    member: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: seconds)
    monkeypatch.setattr(outage, "_pace", LinePace(lines_per_second=1))
    for _ in range(3):
        member.get("/orgs/")
        member.get("/api/organizations")
    seconds += 1
    member.get("/orgs/")
    lines = [it for it in caplog.records if it.levelno >= logging.WARNING]
    assert {(line.name, line.levelname) for line in lines} == {
        ("redisgate.database_away", "WARNING")
    }
    assert [getattr(line, "left_out", 0) for line in lines] == [0, 5]


def test_end_of_an_outage_is_said_once(
    member: Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outage, "_pace", LinePace())
    member.get("/orgs/")
    for _ in range(2):
        connection_created.send(type(connection), connection=connection)
    words = [it.getMessage() for it in caplog.records if it.name == "redisgate.database_away"]
    assert words[1:] == ["The database answers again."]


def test_why_it_is_away_is_said_each_half_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter((1000.0, 1001.0, 1029.0, 1030.0, 1031.0))
    monkeypatch.setattr("redisgate.lib.calm_logs.monotonic", lambda: next(moments))
    seldom, line = Seldom(30), logging.makeLogRecord({"msg": "error connecting in 'pool-1'"})
    said = [seldom.filter(line) for _ in range(5)]
    assert said == [True, False, False, True, False]


@pytest.mark.parametrize("state", ["08006", "57P01", "53300", "40P01", None])
def test_what_time_heals_is_away(state: str | None) -> None:
    assert refusal_of(failed(state)) is not None


@pytest.mark.parametrize("state", ["42P01", "42703", "25006"])
def test_what_only_we_can_mend_is_not(state: str) -> None:
    assert refusal_of(failed(state)) is None


def test_missing_table_of_sqlite_is_our_mistake_and_a_locked_file_is_not() -> None:
    with sqlite3.connect(":memory:") as file, pytest.raises(sqlite3.OperationalError) as missing:
        file.execute("SELECT 1 FROM nowhere")
    file.close()
    error = OperationalError()
    error.__cause__ = missing.value
    assert refusal_of(error) is None
    locked = sqlite3.OperationalError("database is locked")
    locked.sqlite_errorcode = sqlite3.SQLITE_BUSY
    error.__cause__ = locked
    assert refusal_of(error) is not None


def failed(state: str | None) -> OperationalError:
    """An error as Django raises it, with PostgreSQL's own beneath."""
    error, cause = OperationalError(), psycopg.OperationalError()
    cause.sqlstate = state
    error.__cause__ = cause
    return error


def test_our_own_mistakes_stay_errors(cast: Cast) -> None:
    def mistaken(*_: object) -> NoReturn:
        raise ValueError

    client = Client(raise_request_exception=False)
    client.force_login(cast.owner)
    with connection.execute_wrapper(mistaken):
        assert client.get("/orgs/").status_code == HTTPStatus.INTERNAL_SERVER_ERROR
