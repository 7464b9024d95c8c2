"""The page of the console, and what it can do without script."""

import re

import pytest
from django.test import Client

from accounts.models import User
from instances.models import Instance
from tests.conftest import Cast
from tests.console.servers import RealServer

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/orgs/acme/instances/sessions/console/"


@pytest.fixture
def instance(cast: Cast, server: RealServer) -> Instance:
    return server.row(cast.acme)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def token_in(html: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', html)
    assert found is not None
    return found[1]


def test_console_is_a_tab_of_the_instance(cast: Cast, instance: Instance) -> None:
    html = signed_in(cast.viewer).get("/orgs/acme/instances/sessions/").text
    assert f"/orgs/acme/instances/{instance.id}/console/" in html


def test_one_command_runs_without_script(cast: Cast, instance: Instance) -> None:
    client = signed_in(cast.developer)
    assert "OK</pre>" in client.post(PAGE, {"line": "SET a '<b>'"}).text
    assert "&quot;&lt;b&gt;&quot;</pre>" in client.post(PAGE, {"line": "GET a"}).text


def test_role_is_obeyed_without_script(cast: Cast, instance: Instance) -> None:
    html = signed_in(cast.viewer).post(PAGE, {"line": "SET a 1"}).text
    assert "NOPERM" in html


def test_question_is_asked_without_script_and_serves_once(
    cast: Cast, instance: Instance, server: RealServer
) -> None:
    server.tell("SET", "a", "1")
    client = signed_in(cast.developer)
    asked = client.post(PAGE, {"line": "FLUSHDB"}).text
    assert "FLUSHDB will remove 1 key of db 0 of Sessions." in asked
    wrong = client.post(PAGE, {"token": token_in(asked), "typed": "no"}).text
    assert "nothing was done" in wrong
    again = {"token": token_in(asked), "typed": "Sessions"}
    client.post(PAGE, again)
    assert server.tell("DBSIZE") == 1
    asked = client.post(PAGE, {"line": "FLUSHDB"}).text
    assert "OK</pre>" in client.post(PAGE, {"token": token_in(asked), "typed": "Sessions"}).text
    assert server.tell("DBSIZE") == 0


def test_confirmation_without_a_question_does_nothing(
    cast: Cast, instance: Instance, server: RealServer
) -> None:
    server.tell("SET", "a", "1")
    sent = {"line": "FLUSHDB", "token": "made-up", "typed": "Sessions"}
    signed_in(cast.owner).post(PAGE, sent)
    assert server.tell("DBSIZE") == 1


def test_subscription_needs_script(cast: Cast, instance: Instance) -> None:
    html = signed_in(cast.developer).post(PAGE, {"line": "SUBSCRIBE news"}).text
    assert "JavaScript" in html
