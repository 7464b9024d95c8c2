"""Signing up, in and out, through the pages and without script."""

import re
from http import HTTPStatus

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    get_default_password_validators,
)
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from tests.conftest import PASSWORD, make_user

pytestmark = pytest.mark.django_db

DAY_SECONDS = 24 * 3600


def sign_up(client: Client, **changes: str):  # type: ignore[no-untyped-def]  # django's test response
    fields = {"email": "ada@example.com", "username": "ada", "password1": PASSWORD}
    return client.post("/accounts/signup/", {**fields, **changes})


def log_in(client: Client, **changes: str):  # type: ignore[no-untyped-def]  # django's test response
    fields = {"login": "olivia@example.com", "password": PASSWORD}
    return client.post("/accounts/login/", {**fields, **changes})


def test_visitor_sees_what_this_is(client: Client) -> None:
    response = client.get("/")
    assert "A Redis with a URL and a token" in response.text
    assert "/accounts/signup/" in response.text
    assert "/accounts/login/" in response.text


def test_sign_up_makes_the_person_and_logs_them_in(client: Client) -> None:
    response = sign_up(client)
    assert response.status_code == HTTPStatus.FOUND
    assert response["Location"] == "/"
    assert User.objects.get(email="ada@example.com").username == "ada"
    assert "_auth_user_id" in client.session


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": "nonsense"}, "Enter a valid email address."),
        ({"email": "OLIVIA@example.com"}, "An account with this email address exists already."),
        ({"username": "olivia"}, "This username is taken. Choose another."),
        ({"password1": "short"}, "It must contain at least 10 characters."),
        ({"password1": "1234567890123"}, "This password is entirely numeric."),
        ({"password1": ""}, "Choose a password."),
        ({"username": "a"}, "Use at least 3 characters."),
    ],
)
def test_sign_up_says_what_is_wrong(client: Client, changes: dict[str, str], words: str) -> None:
    make_user("olivia")
    response = sign_up(client, **changes)
    assert response.status_code == HTTPStatus.OK
    assert words in response.text
    assert 'aria-invalid="true"' in response.text
    assert User.objects.count() == 1


def test_password_rules_are_told_before(client: Client) -> None:
    page = client.get("/accounts/signup/").text
    for validator in get_default_password_validators():
        if isinstance(validator, MinimumLengthValidator):
            assert f"At least {validator.min_length} characters" in page
    assert f"At least {settings.ACCOUNT_USERNAME_MIN_LENGTH} characters" in page


def test_sign_up_and_log_in_lead_to_each_other_and_keep_the_way(client: Client) -> None:
    log_in_page = client.get("/accounts/login/", {"next": "/orgs/a"}).text
    sign_up_page = client.get("/accounts/signup/", {"next": "/orgs/a"}).text
    assert 'href="/accounts/signup/?next=%2Forgs%2Fa"' in log_in_page
    assert 'href="/accounts/login/?next=%2Forgs%2Fa"' in sign_up_page


def test_wrong_password_says_what_to_do(client: Client) -> None:
    make_user("olivia")
    response = log_in(client, password="wrong horse battery")
    assert "The email address or the password is wrong." in response.text
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("remember", [True, False])
def test_remember_me_lasts_14_days_or_until_the_browser_closes(
    client: Client, remember: bool
) -> None:
    make_user("olivia")
    response = log_in(client, **({"remember": "on"} if remember else {}))
    max_age = response.cookies[settings.SESSION_COOKIE_NAME]["max-age"]
    assert max_age == (14 * DAY_SECONDS if remember else "")


def test_session_ends_on_the_server_after_14_days(client: Client) -> None:
    make_user("olivia")
    log_in(client, remember="on")
    left = Session.objects.get().expire_date - timezone.now()
    assert 13 <= left.days <= 14


def test_log_out_needs_a_post_and_ends_the_session(client: Client) -> None:
    client.force_login(make_user("olivia"))
    assert "Log out?" in client.get("/accounts/logout/").text
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session
    assert "You are logged out." in client.get("/").text


def test_forgotten_password_is_chosen_anew_by_mail(client: Client, settings: Settings) -> None:
    settings.HAS_MAIL_SERVER = True
    make_user("olivia")
    asked = client.post("/accounts/password/reset/", {"email": "olivia@example.com"}, follow=True)
    assert "Check your email" in asked.text
    assert mail.outbox[0].subject == "RedisGate: choose a new password"
    link = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[0].body))
    assert link
    form = client.get(link[1], follow=True)
    assert "Choose a new password" in form.text
    new = "another horse battery"
    done = client.post(form.request["PATH_INFO"], {"password1": new, "password2": new}, follow=True)
    assert "Your password is changed" in done.text
    assert log_in(Client(), password=new).status_code == HTTPStatus.FOUND


@pytest.mark.parametrize(
    ("has_mail_server", "words"),
    [(True, "Check your email"), (False, "This platform has no mail server")],
)
@pytest.mark.parametrize("email", ["olivia@example.com", "no@example.com"])
def test_reset_answers_alike_for_every_address(
    client: Client, settings: Settings, has_mail_server: bool, words: str, email: str
) -> None:
    settings.HAS_MAIL_SERVER = has_mail_server
    make_user("olivia")
    response = client.post("/accounts/password/reset/", {"email": email}, follow=True)
    assert words in response.text
    assert mail.outbox[0].subject.startswith("RedisGate: ")
    assert "/accounts/" in str(mail.outbox[0].body)


def test_used_reset_link_says_how_to_get_a_new_one(client: Client) -> None:
    response = client.get("/accounts/password/reset/key/abc-def/", follow=True)
    assert "This link no longer works" in response.text
    assert "/accounts/password/reset/" in response.text


def test_password_is_changed_with_the_current_one(client: Client) -> None:
    client.force_login(make_user("olivia"))
    fields = {"oldpassword": "wrong", "password1": "new horse batteries", "password2": "other"}
    refused = client.post("/accounts/password/change/", fields)
    assert "This is not your current password." in refused.text
    fields |= {"oldpassword": PASSWORD, "password2": "new horse batteries"}
    changed = client.post("/accounts/password/change/", fields, follow=False)
    assert changed.status_code == HTTPStatus.FOUND
    assert "_auth_user_id" in client.session


def test_account_pages_of_allauth_stand_on_our_layout(client: Client) -> None:
    client.force_login(make_user("olivia"))
    page = client.get("/accounts/reauthenticate/").text
    assert 'class="rg-focus-card"' in page
    assert "form-control" in page
    assert "btn btn-primary" in page
