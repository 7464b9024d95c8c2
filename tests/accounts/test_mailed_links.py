"""Links in mails lead to the platform, whatever host somebody names who asks for one."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from pytest_django import Settings

from tests.accounts.people import proven
from tests.conftest import PASSWORD, make_user

pytestmark = pytest.mark.django_db
SIGN_UP = {"email": "noah@example.com", "username": "noah", "password1": PASSWORD}


@pytest.fixture(autouse=True)
def any_host_is_answered(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.PUBLIC_URL = "https://redis.example.com"
    settings.HAS_MAIL_SERVER = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


def links() -> list[str]:
    message = mail.outbox[-1]
    (html, _), *_ = getattr(message, "alternatives", [("", "")])
    return re.findall(r"https?://[^\s\"<]+", f"{message.body} {html}")


@pytest.mark.parametrize(
    ("path", "wish"),
    [
        ("/accounts/password/reset/", {"email": "olivia@example.com"}),
        ("/accounts/password/reset/", {"email": "nobody@example.com"}),
        ("/accounts/signup/", SIGN_UP),
        ("/accounts/signup/", {**SIGN_UP, "email": "olivia@example.com"}),
        ("/auth/register", {**SIGN_UP, "password": PASSWORD}),
    ],
)
def test_host_of_the_request_is_in_no_mail(path: str, wish: dict[str, str]) -> None:
    make_user("olivia")
    kind = "application/json" if path.startswith("/auth") else MULTIPART_CONTENT
    Client().post(path, wish, kind, headers={"host": "thief.example:6666"})
    assert len(links()) > 1
    assert all(link.startswith("https://redis.example.com") for link in links())
    assert any("/accounts/" in link for link in links())


def test_changed_address_is_confirmed_on_the_platform() -> None:
    person = proven(make_user("olivia"))
    wish = {"email": "new@example.com"}
    person.post("/accounts/email/", wish, headers={"host": "redis.example.com:6666"})
    assert all(link.startswith("https://redis.example.com/") for link in links()[:1])
