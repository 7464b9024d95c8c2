"""What is answered while the database is away."""

import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, NoReturn

import pytest
from django.db import OperationalError, connection
from django.test import Client

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
    assert "Nothing is lost" in answer.text


def test_htmx_keeps_its_page_and_gets_the_words(member: Client) -> None:
    answer = member.get("/orgs/", headers={"HX-Request": "true"})
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer["HX-Reswap"] == "none"
    assert "try again" in json.loads(answer["HX-Trigger"])["toast"]["message"]


def test_program_gets_a_problem_that_says_when_to_come_again(member: Client) -> None:
    answer = member.get("/api/organizations")
    assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert answer["Retry-After"] == "2"
    assert answer.json()["code"] == "unavailable"


def test_our_own_mistakes_stay_errors(cast: Cast) -> None:
    def mistaken(*_: object) -> NoReturn:
        raise ValueError

    client = Client(raise_request_exception=False)
    client.force_login(cast.owner)
    with connection.execute_wrapper(mistaken):
        assert client.get("/orgs/").status_code == HTTPStatus.INTERNAL_SERVER_ERROR
