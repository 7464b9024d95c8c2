"""Whoever asks for somebody else's address gets nothing by it, and keeps it from nobody."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts.models import User
from tests.accounts.people import proven
from tests.conftest import PASSWORD, make_user

pytestmark = pytest.mark.django_db
NOAHS = "noah@example.com"
SIGN_UP = {"email": NOAHS, "username": "noah"}


@pytest.fixture
def mallory(settings: Settings) -> User:
    """Ask for Noah's address, where addresses must be confirmed."""
    settings.HAS_MAIL_SERVER = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    mallory = make_user("mallory")
    EmailAddress.objects.create(user=mallory, email=mallory.email, verified=True, primary=True)
    asked = proven(mallory).post("/accounts/email/", {"email": NOAHS})
    assert asked.status_code == 302
    mail.outbox.clear()
    cache.clear()  # an address gets one such mail in three minutes
    return mallory


def link() -> str:
    found = re.search(r"https?://[^/]+(/accounts/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_its_owner_signs_up_and_confirms_it(mallory: User) -> None:
    browser = Client()
    browser.post("/accounts/signup/", {**SIGN_UP, "password1": PASSWORD})
    browser.post(link())
    noah = User.objects.get(email=NOAHS)
    address = EmailAddress.objects.get(email=NOAHS)
    assert (address.user, address.verified, address.primary) == (noah, True, True)
    mallory.refresh_from_db()
    assert mallory.email == "mallory@example.com"


def test_its_owners_program_signs_up(mallory: User, program: APIClient) -> None:
    made = program.post("/auth/register", {**SIGN_UP, "password": PASSWORD})
    assert made.status_code == 201, made.content
    assert EmailAddress.objects.get(email=NOAHS).user.username == "noah"


def test_its_owner_changes_to_it(mallory: User) -> None:
    noah = make_user("noel")
    EmailAddress.objects.create(user=noah, email=noah.email, verified=True, primary=True)
    browser = proven(noah)
    browser.post("/accounts/email/", {"email": NOAHS})
    browser.post(link())
    noah.refresh_from_db()
    assert noah.email == NOAHS


def test_forgotten_password_is_not_that_of_the_one_who_asked(mallory: User) -> None:
    Client().post("/accounts/password/reset/", {"email": NOAHS})
    assert mail.outbox[-1].subject == "RedisGate: no account with this address"


def test_address_of_an_account_stays_taken(mallory: User, program: APIClient) -> None:
    wish = {**SIGN_UP, "email": mallory.email, "password": PASSWORD}
    assert program.post("/auth/register", wish).status_code == 201, "as if it were free"
    assert not User.objects.filter(username="noah").exists()
    assert EmailAddress.objects.filter(user=mallory).count() == 2
