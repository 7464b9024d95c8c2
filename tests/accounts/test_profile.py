"""How a person is called, and where mail reaches them."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import AuditEvent
from tests import clients
from tests.accounts.people import logged_in, proven
from tests.conftest import PASSWORD, make_user

pytestmark = pytest.mark.django_db

PAGE = "/accounts/email/"
NEW = "olivia@new.example"


@pytest.fixture
def olivia() -> User:
    return make_user("olivia")


def link_in(message: Any) -> str:
    found = re.search(r"https?://[^/]+(/\S+)", str(message.body))
    assert found
    return found[1]


def mails_to(address: str) -> list[str]:
    return [str(message.subject) for message in mail.outbox if message.to == [address]]


def test_names_are_changed_and_noted(olivia: User) -> None:
    client = logged_in(olivia)
    names = {"username": "liv", "shown_name": " Olivia O. "}
    assert client.post("/accounts/profile/", names).status_code == 302
    olivia.refresh_from_db()
    assert (olivia.username, olivia.shown_name, olivia.name) == ("liv", "Olivia O.", "Olivia O.")
    event = AuditEvent.objects.get(action="account.update")
    assert event.changes["after"] == {"username": "liv", "shown_name": "Olivia O."}


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ({"username": "otto"}, "This username is taken. Choose another."),
        ({"username": "ab"}, "Choose a username of 3 to 150 characters."),
        ({"username": "two words"}, "Enter a valid username."),
        ({"shown_name": "x" * 81}, "Choose a name of at most 80 characters."),
        ({"shown_name": "a\x07b"}, "control characters"),
    ],
)
def test_profile_says_what_is_wrong(olivia: User, names: dict[str, str], words: str) -> None:
    make_user("otto")
    form = {"username": "olivia", "shown_name": "", **names}
    refused = logged_in(olivia).post("/accounts/profile/", form)
    assert refused.status_code == 422
    assert words in refused.text


def test_program_changes_names_and_nothing_else(olivia: User) -> None:
    program = clients.program(olivia)
    changed = program.patch("/auth/me", {"shown_name": "Olivia"})
    assert (changed.status_code, changed.json()["shown_name"]) == (200, "Olivia")
    refused = program.patch("/auth/me", {"is_staff": True, "email": NEW})
    assert (refused.status_code, sorted(refused.json()["errors"])) == (400, ["email", "is_staff"])


def test_new_address_is_asked_for_with_the_password_and_waits(olivia: User) -> None:
    client = logged_in(olivia)
    asked = client.post(PAGE, {"email": NEW})
    assert asked["Location"] == "/accounts/reauthenticate/?next=%2Faccounts%2Femail%2F"
    client.post(asked["Location"], {"password": PASSWORD})
    olivia.refresh_from_db()
    assert olivia.email == "olivia@example.com"
    assert "Waiting for olivia@new.example" in client.get(PAGE).text
    assert mails_to(NEW) == ["RedisGate: confirm your email address"]


def test_confirmed_address_takes_over_and_the_old_one_gets_a_notice(olivia: User) -> None:
    client = proven(olivia)
    client.post(PAGE, {"email": NEW})
    link = link_in(mail.outbox[-1])
    assert NEW in Client().get(link).text
    Client().post(link)  # the mail was opened elsewhere
    olivia.refresh_from_db()
    assert olivia.email == NEW
    assert mails_to("olivia@example.com") == ["RedisGate: your email address was changed"]
    assert NEW in str(mail.outbox[-1].alternatives[0][0])  # type: ignore[union-attr]
    event = AuditEvent.objects.get(action="account.change_email")
    assert event.changes == {"before": "olivia@example.com", "after": NEW}
    old = {"login": "olivia@example.com", "password": PASSWORD}
    assert Client().post("/accounts/login/", old).status_code == 200


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("nonsense", "Enter an email address"),
        ("OLIVIA@example.com", "This is your address already."),
        ("otto@example.com", "Another account has this email address."),
    ],
)
def test_address_that_cannot_be_is_refused(olivia: User, email: str, words: str) -> None:
    make_user("otto")
    refused = proven(olivia).post(PAGE, {"email": email})
    assert refused.status_code == 422
    assert words in refused.text
    assert not mail.outbox


def test_change_is_withdrawn_and_its_link_dies(olivia: User) -> None:
    client = proven(olivia)
    client.post(PAGE, {"email": NEW})
    link = link_in(mail.outbox[-1])
    client.post(f"{PAGE}withdraw/")
    assert "Waiting for" not in client.get(PAGE).text
    assert "This link no longer works" in Client().get(link).text


def test_link_is_sent_again_but_not_at_once(olivia: User) -> None:
    client = logged_in(olivia)
    client.post(f"{PAGE}resend/")
    assert mails_to("olivia@example.com") == ["RedisGate: confirm your email address"]
    again = client.post(f"{PAGE}resend/", follow=True)
    assert "or ask again in" in again.text
    assert len(mail.outbox) == 1


def test_allauths_ways_around_the_change_are_closed(olivia: User) -> None:
    client = proven(olivia)
    client.post(PAGE, {"email": NEW})
    client.post(PAGE, {"action_primary": "", "email": NEW})
    client.post(PAGE, {"action_remove": "", "email": olivia.email})
    olivia.refresh_from_db()
    assert olivia.email == "olivia@example.com"


def test_address_that_was_taken_meanwhile_is_not_confirmed(olivia: User) -> None:
    client = proven(olivia)
    client.post(PAGE, {"email": NEW})
    User.objects.create_user(username="quick", email=NEW, password=PASSWORD)
    answer = client.post(link_in(mail.outbox[-1]), follow=True)
    assert "Another account has this email address." in answer.text
    olivia.refresh_from_db()
    assert olivia.email == "olivia@example.com"


def test_platform_may_insist_on_confirmed_addresses(settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.HAS_MAIL_SERVER = True
    client, program = Client(), APIClient()
    ada = {"email": "ada@example.com", "username": "ada", "password1": PASSWORD}
    asked = client.post("/accounts/signup/", ada, follow=True)
    assert "Check your email" in asked.text
    credentials = {"email": "ada@example.com", "password": PASSWORD}
    refused = program.post("/auth/login", credentials)
    assert (refused.status_code, refused.json()["code"]) == (401, "email_unconfirmed")

    [message] = mail.outbox
    opened = client.post(link_in(message))
    assert opened["Location"] == "/"  # in the browser that signed up one is logged in
    assert program.post("/auth/login", credentials).status_code == 200
    assert EmailAddress.objects.get().verified


def test_program_that_registers_gets_the_mail_too(settings: Settings) -> None:
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    program = APIClient()
    ada = {"email": "ada@example.com", "username": "ada", "password": PASSWORD}
    assert program.post("/auth/register", ada).status_code == 201
    assert mails_to("ada@example.com") == ["RedisGate: confirm your email address"]


def test_without_mail_server_nobody_is_written_to_unasked(client: Client) -> None:
    ada = {"email": "ada@example.com", "username": "ada", "password1": PASSWORD}
    assert client.post("/accounts/signup/", ada)["Location"] == "/"
    assert not mail.outbox
