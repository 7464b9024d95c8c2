"""Second factors on the pages: set up, asked for, trusted, recovered from, removed."""

import json
import re

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import connection
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from audit.models import AuditEvent
from tests.accounts.people import (
    add_recovery_codes,
    add_totp,
    code_of,
    factors_of,
    logged_in,
    proven,
)
from tests.conftest import PASSWORD, make_user

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)
"""For what allauth does once a transaction is committed, while the request is still at hand."""


@pytest.fixture
def olivia() -> User:
    return make_user("olivia")


def password_step(user: User, client: Client | None = None) -> Client:
    client = client or Client()
    answer = client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    return client


def set_up_totp(client: Client) -> str:
    page = client.get("/accounts/2fa/totp/activate/")
    secret: str = page.context["form"].secret
    done = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert done["Location"] == "/accounts/2fa/recovery-codes/"
    return secret


def stored_text() -> str:
    """Return all that the tables of accounts hold, as a thief of the database would read it."""
    found = []
    with connection.cursor() as cursor:
        for table in ("mfa_authenticator", "audit_auditevent", "accounts_user"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608  our own names
            found.append(repr(cursor.fetchall()))
    return "".join(found)


def test_setting_up_asks_who_it_is_first(olivia: User) -> None:
    asked = logged_in(olivia).get("/accounts/2fa/totp/activate/")
    assert asked["Location"].startswith("/accounts/reauthenticate/?next=")


@committed
def test_app_is_set_up_with_a_code_and_recovery_codes_follow(olivia: User) -> None:
    client = proven(olivia)
    set_up_totp(client)
    assert factors_of(olivia) == {"totp", "recovery_codes"}
    shown = re.findall(
        r"(?<![\w-])\d{8}(?![\w-])", client.get("/accounts/2fa/recovery-codes/").text
    )
    assert len(shown) == 10
    again = client.get("/accounts/2fa/recovery-codes/").text
    assert "were shown once" in again
    assert not set(shown) & set(re.findall(r"\d{8}", again))


@committed
def test_neither_secret_nor_codes_are_stored_in_plain(olivia: User) -> None:
    client = proven(olivia)
    secret = set_up_totp(client)
    codes = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    stored = stored_text()
    assert secret not in stored
    assert not [code for code in codes if code in stored]
    row = Authenticator.objects.get(user=olivia, type="totp")
    assert row.data["secret"].startswith("gAAAA")  # a Fernet token
    assert row.wrap().validate_code(code_of(secret))


def test_wrong_code_sets_nothing_up(olivia: User) -> None:
    client = proven(olivia)
    client.get("/accounts/2fa/totp/activate/")
    refused = client.post("/accounts/2fa/totp/activate/", {"code": "000000"})
    assert "This code is not right." in refused.text
    assert factors_of(olivia) == set()


def test_password_alone_no_longer_opens_the_account(olivia: User) -> None:
    secret = add_totp(olivia)
    client = password_step(olivia)
    assert client.get("/accounts/profile/").status_code == 302
    refused = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "This code is not right." in refused.text
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    client.post("/accounts/2fa/trust/", {"action": "no"})
    assert client.get("/accounts/profile/").status_code == 200


def test_same_code_works_once(olivia: User) -> None:
    secret = add_totp(olivia)
    code = code_of(secret)
    password_step(olivia).post("/accounts/2fa/authenticate/", {"code": code})
    again = password_step(olivia).post("/accounts/2fa/authenticate/", {"code": code})
    assert "This code is not right." in again.text


def test_recovery_code_works_once(olivia: User) -> None:
    add_totp(olivia)
    code = add_recovery_codes(olivia)[0]
    first = password_step(olivia).post("/accounts/2fa/authenticate/", {"code": code})
    assert first.status_code == 302
    again = password_step(olivia).post("/accounts/2fa/authenticate/", {"code": code})
    assert "This code is not right." in again.text


@pytest.mark.parametrize(
    ("action", "landing"), [("trust", "/"), ("no", "/accounts/2fa/authenticate/")]
)
def test_trusted_browser_is_asked_for_the_password_alone(
    olivia: User, action: str, landing: str
) -> None:
    secret = add_totp(olivia)
    client = password_step(olivia)
    asked = client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert asked["Location"] == "/accounts/2fa/trust/"
    client.post("/accounts/2fa/trust/", {"action": action})
    client.post("/accounts/logout/")
    again = client.post("/accounts/login/", {"login": olivia.email, "password": PASSWORD})
    assert again["Location"] == landing


def test_changed_password_ends_the_trust(olivia: User) -> None:
    secret = add_totp(olivia)
    client = password_step(olivia)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    client.post("/accounts/2fa/trust/", {"action": "trust"})
    client.post("/accounts/logout/")
    olivia.set_password(PASSWORD)  # the same again: its hash is another one
    olivia.save()
    password_step(olivia, client)


def test_guesses_of_codes_are_counted(olivia: User) -> None:
    add_totp(olivia)
    client = password_step(olivia)
    for _ in range(6):
        answer = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert answer.status_code == 429


def test_app_is_removed_and_the_codes_go_with_it(olivia: User) -> None:
    client = proven(olivia)
    add_totp(olivia)
    add_recovery_codes(olivia)
    assert client.post("/accounts/2fa/totp/deactivate/")["Location"] == "/accounts/2fa/"
    assert factors_of(olivia) == set()
    assert mail.outbox[-1].subject == "RedisGate: the authenticator app was removed"


@committed
def test_new_recovery_codes_end_the_old(olivia: User) -> None:
    client = proven(olivia)
    add_totp(olivia)
    old = add_recovery_codes(olivia)
    client.post("/accounts/2fa/recovery-codes/generate/")
    shown = client.get("/accounts/2fa/recovery-codes/").context["unused_codes"]
    assert not set(old) & set(shown)
    assert mail.outbox[-1].subject == "RedisGate: there are new recovery codes"


@committed
def test_every_change_is_audited_and_mailed_without_secrets(olivia: User) -> None:
    client = proven(olivia)
    secret = set_up_totp(client)
    client.post("/accounts/2fa/totp/deactivate/")
    changes = AuditEvent.objects.exclude(action="account.sign_in")
    events = changes.values_list("action", "changes__type")
    assert sorted(events) == [
        ("account.add_second_factor", "recovery_codes"),
        ("account.add_second_factor", "totp"),
        ("account.remove_second_factor", "recovery_codes"),
        ("account.remove_second_factor", "totp"),
    ]
    event = AuditEvent.objects.first()
    assert event is not None
    assert (event.actor_id, event.object_id, event.organization_id) == (olivia.id, olivia.id, None)
    added = mail.outbox[0]
    assert added.subject == "RedisGate: an authenticator app was added"
    assert added.to == [olivia.email]
    [(page, kind)] = added.alternatives  # type: ignore[attr-defined]  # it has two forms
    assert kind == "text/html"
    assert "Firefox on" in str(page)
    assert "Mozilla" not in str(page) + str(added.body)
    assert secret not in json.dumps([str(page), str(added.body)])


def test_factor_needs_a_confirmed_address_where_mail_arrives(
    olivia: User, settings: Settings
) -> None:
    settings.HAS_MAIL_SERVER = True
    client = proven(olivia)
    page = client.get("/accounts/2fa/").text
    assert "Confirm your email address first" in page
    assert "/accounts/2fa/totp/activate/" not in page
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    refused = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert "Confirm your email address first" in refused.text
    assert factors_of(olivia) == set()
