"""Whoever tries too often waits: on pages and through the API, whatever their headers say."""

from typing import Any

import pytest
from django.test import Client, override_settings
from rest_framework.test import APIClient

from accounts import limits
from tests.conftest import PASSWORD, Cast

pytestmark = pytest.mark.django_db

FORGED = ["X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP"]


def guess(client: Client, number: int, *, email: str = "olivia@example.com", **extra: Any) -> int:
    """Guess on the page and at the API in turn, and return the status."""
    if number % 2:
        credentials = {"email": email, "password": f"wrong {number}"}
        answer = client.post("/auth/login", credentials, content_type="application/json", **extra)
    else:
        form = {"login": email, "password": f"wrong {number}"}
        answer = client.post("/accounts/login/", form, **extra)
    return answer.status_code


def test_account_bears_five_guesses_from_wherever_they_come(cast: Cast, client: Client) -> None:
    answers = [guess(client, n, REMOTE_ADDR=f"192.0.2.{n}") for n in range(12)]
    assert [status == 429 for status in answers] == [False] * 5 + [True] * 7


def test_address_may_guess_ten_times_however_many_accounts(cast: Cast, client: Client) -> None:
    answers = [guess(client, n, email=f"{n}@example.com") for n in range(14)]
    assert [status == 429 for status in answers] == [False] * 10 + [True] * 4


@pytest.mark.parametrize("header", FORGED)
def test_forged_address_is_no_new_one(cast: Cast, client: Client, header: str) -> None:
    name = "HTTP_" + header.upper().replace("-", "_")
    answers = [
        guess(client, n, email=f"{n}@example.com", **{name: f"for=203.0.113.{n}"})
        for n in range(11)
    ]
    assert answers.count(429) == 1


@override_settings(ALLOWED_HOSTS=["*"])
def test_forged_host_is_no_new_account(cast: Cast, client: Client) -> None:
    answers = [
        guess(client, n, REMOTE_ADDR=f"192.0.2.{n}", HTTP_HOST=f"{n}.example.com") for n in range(6)
    ]
    assert answers.count(429) == 1


def test_all_spellings_of_an_address_are_one_account() -> None:
    spellings = ["olivia@example.com", " OLIVIA@Example.com", "olıvia@example.com"]  # noqa: RUF001
    assert len({limits.account_key(each) for each in spellings}) == 1


def test_right_password_takes_no_attempt_away(cast: Cast, client: Client) -> None:
    for number in range(4):
        guess(client, number)
    right = {"email": "olivia@example.com", "password": PASSWORD}
    for _ in range(3):
        assert APIClient().post("/auth/login", right).status_code == 200
    assert guess(client, 1) == 401
    assert guess(client, 1) == 429


def test_page_says_how_long_to_wait_and_so_does_its_header(cast: Cast, client: Client) -> None:
    for number in range(5):
        guess(client, number)
    page = client.post("/accounts/login/", {"login": "olivia@example.com", "password": "x"})
    assert page.status_code == 429
    assert 290 <= int(page["Retry-After"]) <= 300
    assert "Wait 5 minutes and try again," in page.text
    assert 'href="/accounts/password/reset/"' in page.text


def test_refusal_is_the_same_for_an_account_that_never_was(cast: Cast, program: APIClient) -> None:
    said: list[list[tuple[int, str]]] = []
    for email in ("olivia@example.com", "nobody@example.com"):
        wrong = {"email": email, "password": "wrong wrong"}
        address = f"192.0.2.{len(said)}"
        answers = [program.post("/auth/login", wrong, REMOTE_ADDR=address) for _ in range(6)]
        said.append([(answer.status_code, answer.json()["code"]) for answer in answers])
    assert said[0] == said[1]


def test_sign_ups_of_pages_and_programs_are_counted_together(
    client: Client, program: APIClient
) -> None:
    wish = {"email": "a@example.com", "username": "abc", "password": "short"}
    for _ in range(10):
        assert client.post("/accounts/signup/", {}).status_code == 200
        assert program.post("/auth/register", wish).status_code == 400
    for answer in (client.post("/accounts/signup/", {}), program.post("/auth/register", wish)):
        assert answer.status_code == 429
        assert 1 <= int(answer["Retry-After"]) <= 60


def test_password_is_asked_for_anew_five_times_a_minute(cast: Cast, client: Client) -> None:
    form = {"email": "olivia@example.com"}
    answers = [
        client.post("/accounts/password/reset/", form, REMOTE_ADDR=f"192.0.2.{n}") for n in range(6)
    ]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert 1 <= int(answers[-1]["Retry-After"]) <= 60


def test_htmx_gets_a_toast_and_the_time_to_wait(cast: Cast, client: Client) -> None:
    for number in range(5):
        guess(client, number)
    form = {"login": "olivia@example.com", "password": "x"}
    answer = client.post("/accounts/login/", form, headers={"HX-Request": "true"})
    assert answer.status_code == 429
    assert "toast" in answer["HX-Trigger"]
    assert int(answer["Retry-After"]) > 0
