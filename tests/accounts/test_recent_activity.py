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
from tests.accounts.people import FIREFOX, add_totp, code_of
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
    suspension.suspend(actor(cast.outsider), cast.owner)
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
    assert of_accounts - recent_activity.WORDS.keys() == {Action.ACCOUNT_DELETE}


def test_list_is_one_query(cast: Cast) -> None:
    for _ in range(3):
        sign_in(cast.owner)
    with CaptureQueriesContext(connection) as captured:
        assert len(recent_activity.of(cast.owner)) == 3
    assert len(captured) == 1
