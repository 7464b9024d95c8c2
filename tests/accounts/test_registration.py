"""A program that signs up learns of others what a person on the page does, and gets no cookie."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import User
from tests.conftest import PASSWORD, Cast

pytestmark = pytest.mark.django_db
TAKEN, FREE = "OLIVIA@example.com", "olga@example.com"


@pytest.fixture
def confirmed(cast: Cast, settings: Settings) -> Cast:
    """Say that addresses must be confirmed."""
    settings.HAS_MAIL_SERVER = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    return cast


def wish(email: str, username: str) -> dict[str, str]:
    return {"email": email, "username": username, "password": PASSWORD}


def shape(answer: Any) -> tuple[int, dict[str, type], set[str]]:
    return answer.status_code, {k: type(v) for k, v in answer.json().items()}, set(answer.headers)


def test_taken_address_is_answered_like_a_free_one(confirmed: Cast, program: APIClient) -> None:
    before = User.objects.count()
    free = program.post("/auth/register", wish(FREE, "olga"))
    taken = program.post("/auth/register", wish(TAKEN, "olaf"))
    assert shape(free) == shape(taken)
    assert (taken.json()["email"], taken.json()["username"]) == ("olivia@example.com", "olaf")
    assert User.objects.count() == before + 1


def test_owner_of_a_taken_address_is_told(confirmed: Cast, program: APIClient) -> None:
    program.post("/auth/register", wish(TAKEN, "olaf"))
    [message] = mail.outbox
    assert message.to == ["olivia@example.com"]
    assert "an account with this address exists already" in str(message.body)


def test_nobody_is_flooded(confirmed: Cast, client: Client, program: APIClient) -> None:
    """Each attempt comes from elsewhere, on the page and at the API in turn."""
    for number in range(10):
        where = f"192.0.2.{number}"
        if number % 2:
            program.post("/auth/register", wish(TAKEN, f"olaf-{number}"), REMOTE_ADDR=where)
        else:
            form = {"email": TAKEN, "username": f"olaf-{number}", "password1": PASSWORD}
            client.post("/accounts/signup/", form, REMOTE_ADDR=where)
    assert len(mail.outbox) == 1


def test_links_for_a_new_password_are_limited(cast: Cast, client: Client) -> None:
    for number in range(12):
        client.post(
            "/accounts/password/reset/",
            {"email": "olivia@example.com"},
            REMOTE_ADDR=f"192.0.2.{number}",
        )
    assert len(mail.outbox) == 5, "five a minute"


@pytest.mark.parametrize("email", [TAKEN, FREE])
def test_tokens_come_without_cookies(confirmed: Cast, email: str) -> None:
    program = APIClient()
    answers = [program.post("/auth/register", wish(email, "olga"))]
    answers.append(program.post("/auth/login", {"email": email, "password": PASSWORD}))
    answers.append(program.post("/auth/refresh", {"refresh": "rgr_" + "x" * 43}))
    for answer in answers:
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_browsers_session_is_left_alone(cast: Cast, client: Client) -> None:
    client.force_login(cast.owner)
    client.post("/auth/register", wish(FREE, "olga"), content_type="application/json")
    assert client.session["_auth_user_id"] == str(cast.owner.pk)
