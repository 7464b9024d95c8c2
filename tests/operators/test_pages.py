"""The operators' overview as a page and for programs: for them alone, and at a bounded cost."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from operators import arrivals, creations
from tests.clients import browser, program
from tests.conftest import Cast
from tests.operators.rows import add_host, made, used
from tests.quotas.rows import add_key
from tests.rows import add_instance

pytestmark = pytest.mark.django_db

PAGE, API = "/operators/", "/api/operators/overview"
QUERIES = 21
"""Two for who asks, one for their organizations; no figure takes more than three."""


def test_to_everybody_else_there_is_no_such_page(cast: Cast) -> None:
    client = browser(cast.owner)
    for method in (client.get, client.post):
        here = method(PAGE, headers={"X-Request-Id": "same"})
        nowhere = method("/operatorz/", headers={"X-Request-Id": "same"})
        assert here.status_code == nowhere.status_code == 404
        assert words(here.content) == words(nowhere.content)
        assert dict(here.headers) == dict(nowhere.headers)


def test_visitors_are_led_to_log_in_and_back() -> None:
    answer = Client().get(f"{PAGE}?by=errors")
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/operators/%3Fby%3Derrors"


def words(page: bytes) -> str:
    return re.sub(r'(name="csrf[^>]*")', "", page.decode())


def test_operators_find_it_in_their_menu_and_in_the_admin(operator: Client, oscar: User) -> None:
    page = operator.get(PAGE)
    assert page.status_code == 200
    assert 'href="/operators/"' in page.text
    assert 'href="/operators/"' in operator.get("/admin/").text


def test_people_do_not_find_it_in_their_menu(cast: Cast) -> None:
    assert "/operators/" not in browser(cast.owner).get("/orgs/acme/").text


def test_page_fetches_its_figures_alone(operator: Client) -> None:
    part = operator.get(PAGE, headers={"HX-Request": "true", "HX-Target": "operator-figures"})
    assert part.text.lstrip().startswith('<div class="rg-ops"')
    assert "<html" not in part.text
    assert 'hx-trigger="poll from:body"' in part.text


def test_ranking_stays_while_the_page_fetches_itself(operator: Client) -> None:
    assert "?by=errors" in operator.get(f"{PAGE}?by=errors").text
    assert 'hx-get="/operators/?by=memory"' in operator.get(f"{PAGE}?by=nonsense").text


def test_nothing_of_what_tenants_keep_is_shown(cast: Cast, operator: Client, oscar: User) -> None:
    add_key(cast.acme, key_patterns=["canary:*"], networks=["192.0.2.0/24"])
    add_instance(cast.acme, "Broken", status="error", status_detail="It crashed.\ncanary-log-line")
    page, answer = operator.get(PAGE).text, program(oscar).get(API)
    for text in (page, answer.content.decode()):
        assert "Broken" in text
        assert "canary" not in text
        assert "192.0.2.0" not in text


def test_programs_of_operators_get_the_same_figures(cast: Cast, oscar: User) -> None:
    add_host()
    add_instance(cast.acme, status="running", health="healthy", memory_mb=64)
    used(add_key(cast.acme), hours_ago=0, requests=10, commands=10, errors=1)
    figures = program(oscar).get(f"{API}?by=errors").json()
    assert figures["capacity"]["memory_reserved_mb"] == 64
    assert figures["hosts"][0]["memory_used_mb"] == 2048
    assert figures["instances"]["by_status"]["running"] == 1
    assert figures["commands"]["last_24h"] == {"good": 9, "all": 10, "ratio": 0.9}
    assert figures["creations"]["last_30d"]["ratio"] is None
    assert figures["consumers"][0]["name"] == "Acme"
    assert len(figures["sign_ups"]) == 30


def test_programs_of_others_are_refused(cast: Cast) -> None:
    refused = program(cast.owner).get(API)
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


def test_cost_does_not_grow_with_what_there_is(
    cast: Cast, operator: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for so_many in (1, 4):
        arrivals.forget()
        creations.forget()
        for number in range(so_many):
            add_host(f"machine {so_many}-{number}")
            add_instance(cast.acme, status="error")
            used(add_key(cast.globex), hours_ago=number, requests=1)
            made(cast.acme, ago=timedelta(hours=number))
        with django_assert_num_queries(QUERIES):
            operator.get(PAGE)
    with django_assert_num_queries(QUERIES - 4):
        operator.get(PAGE)  # a month of creations and of people is kept for a minute
