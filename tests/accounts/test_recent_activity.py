"""The security page lists what lately happened to one's own account, and to nobody else's."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts import recent_activity, suspension
from accounts.models import User
from audit.actions import Action
from audit.models import AuditEvent
from audit.services import type_of
from tests.accounts.people import FIREFOX, add_recovery_codes, add_totp, code_of
from tests.conftest import PASSWORD, Cast, actor

pytestmark = pytest.mark.django_db
PAGE = "/accounts/2fa/"


def sign_in(user: User) -> Client:
    client = Client(headers={"User-Agent": FIREFOX}, REMOTE_ADDR="192.0.2.7")
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


def test_sign_ins_are_listed_with_browser_and_address(cast: Cast) -> None:
    client = sign_in(cast.owner)
    credentials = {"email": cast.owner.email, "password": PASSWORD}
    APIClient().post("/auth/login", credentials, headers={"User-Agent": "deploy-bot/3"})
    page = client.get(PAGE).content.decode()
    for words in ("Recent activity", "Signed in", "Firefox on", "192.0.2.7", "deploy-bot/3"):
        assert words in page


def test_others_see_nothing_of_it(cast: Cast) -> None:
    sign_in(cast.owner)
    suspension.suspend(actor(cast.outsider), cast.owner, reason="Left")
    assert recent_activity.of(cast.viewer) == []
    latest, first = recent_activity.of(cast.owner)
    assert (latest.words, latest.by) == ("Account locked", "an operator")
    assert (first.words, first.by) == ("Signed in", "")


def test_password_alone_is_no_sign_in_where_a_second_factor_is_asked_for(cast: Cast) -> None:
    secret = add_totp(cast.owner)
    client = sign_in(cast.owner)
    assert recent_activity.of(cast.owner) == []
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    client.post("/accounts/2fa/trust/", {"action": "no"})
    event = AuditEvent.objects.get(action=Action.ACCOUNT_SIGN_IN)
    assert event.changes["ways"] == ["password", "totp"]


def test_every_event_of_accounts_has_words() -> None:
    of_accounts = {each for each in Action if type_of(each.value) == "account"}
    told = recent_activity.WORDS.keys() | recent_activity.ATTEMPTS.keys()
    assert of_accounts - told == {Action.ACCOUNT_DELETE}


def guess(user: User, *, address: str = "198.51.100.9", email: str = "") -> None:
    client = Client(headers={"User-Agent": FIREFOX}, REMOTE_ADDR=address)
    client.post("/accounts/login/", {"login": email or user.email, "password": "a guess"})


def test_wrong_passwords_are_listed_once_for_each_address(cast: Cast) -> None:
    for address in ("198.51.100.9", "198.51.100.9", "198.51.100.10"):
        guess(cast.owner, address=address)
    APIClient().post("/auth/login", {"email": cast.owner.email.upper(), "password": "a guess"})
    told = [(each.words, each.by, each.address) for each in recent_activity.of(cast.owner)]
    assert told == [
        ("Wrong password given", "", "127.0.0.1"),
        ("Wrong password given", "", "198.51.100.10"),
        ("Wrong password given", "", "198.51.100.9"),
    ]
    means = AuditEvent.objects.filter(action=Action.ACCOUNT_REFUSE_PASSWORD).values_list("means")
    assert sorted(means) == [("api",), ("dashboard",), ("dashboard",)]


def test_guesses_at_no_account_are_not_written_down(cast: Cast) -> None:
    before = AuditEvent.objects.count()
    guess(cast.owner, email="nobody@example.com")
    assert AuditEvent.objects.count() == before


def test_guesses_do_not_push_what_happened_out_of_sight(cast: Cast) -> None:
    sign_in(cast.owner)
    for number in range(3):
        guess(cast.owner, address=f"198.51.100.{number}")
    words = [each.words for each in recent_activity.of(cast.owner)]
    assert words == ["Wrong password given"] * 3 + ["Signed in"]
    events = recent_activity._newest(cast.owner, recent_activity.ATTEMPTS, 2)
    assert len(events) == 2


def test_wrong_codes_and_used_recovery_codes_are_listed(cast: Cast) -> None:
    add_totp(cast.owner)
    codes = add_recovery_codes(cast.owner)
    client = sign_in(cast.owner)
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    client.post("/accounts/2fa/trust/", {"action": "no"})
    credentials = {"email": cast.owner.email, "password": PASSWORD, "recovery_code": codes[1]}
    assert APIClient().post("/auth/login", credentials).status_code == 200
    words = [each.words for each in recent_activity.of(cast.owner)]
    assert sorted(words) == [
        "Recovery code used",
        "Recovery code used",
        "Signed in",
        "Signed in",
        "Wrong code given, after the right password",
    ]


def test_list_is_two_queries(cast: Cast) -> None:
    for _ in range(3):
        sign_in(cast.owner)
    with CaptureQueriesContext(connection) as captured:
        assert len(recent_activity.of(cast.owner)) == 3
    assert len(captured) == 2
