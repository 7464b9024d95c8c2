import pytest
from django.test import Client
from pytest_django import Settings

from tests.conftest import make_user

pytestmark = pytest.mark.django_db

FINE = {"email": "ada@example.com", "username": "ada", "password1": "correct horse battery"}


def problems(client: Client, field: str, **changes: str) -> list[str]:
    answer = client.post("/accounts/signup/check/", {**FINE, **changes, "field": field})
    assert answer.status_code == 200
    found: list[str] = answer.json()["problems"]
    return found


@pytest.mark.parametrize("field", [*FINE, "unknown", ""])
def test_what_is_fine_is_left_alone(client: Client, field: str) -> None:
    assert problems(client, field) == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("email", "nonsense", "Enter a valid email address."),
        ("username", "a b", "Enter a valid username."),
        ("password1", "short", "It must contain at least 10 characters."),
        ("password1", "1234567890123", "This password is entirely numeric."),
        ("password1", "ada@example.com", "too similar to the email"),
    ],
)
def test_words_are_those_of_the_sign_up(client: Client, field: str, value: str, words: str) -> None:
    assert words in " ".join(problems(client, field, **{field: value}))
    told = client.post("/accounts/signup/", {**FINE, field: value}).text
    assert words in told


def test_nobody_learns_here_who_has_an_account(client: Client) -> None:
    make_user("olivia")
    assert problems(client, "email", email="olivia@example.com") == []
    assert problems(client, "username", username="olivia") == []


def test_whoever_asks_without_end_is_told_to_wait(client: Client, settings: Settings) -> None:
    rates = {**settings.ACCOUNT_RATE_LIMITS, "check_sign_up": "2/m/ip"}
    settings.ACCOUNT_RATE_LIMITS = rates
    for _ in range(2):
        assert problems(client, "email") == []
    answer = client.post("/accounts/signup/check/", {**FINE, "field": "email"})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
