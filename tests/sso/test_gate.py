"""Who must come through the provider, and who may come by another way."""

import time
from http import HTTPStatus

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings
from rest_framework.test import APIClient

from accounts import access_tokens, vouchers
from accounts.models import User
from audit.actions import Action
from audit.models import AuditEvent
from orgs import access
from orgs.models import Organization
from orgs.roles import Permission
from orgs.standing import Asker, Refused, standings
from tests.accounts.people import add_totp, code_of
from tests.conftest import PASSWORD
from tests.sso.conftest import Acme

pytestmark = pytest.mark.django_db

PAGE = "/orgs/acme/"


def client_of(user: User, *, key: str = "", at: float | None = None) -> Client:
    """Sign somebody in, by a password or through the provider with this key."""
    client = Client()
    client.force_login(user)
    if key:
        session = client.session
        record = {"method": "socialaccount", "provider": key, "uid": "1", "at": at or time.time()}
        session[vouchers.RECORDS_KEY] = [{"method": "password", "at": 1.0}, record]
        session[vouchers.OWNER_KEY] = str(user.pk)
        session.save()
    return client


def test_password_session_is_kept_out_with_the_way_in(acme: Acme) -> None:
    acme.require()
    page = client_of(acme.cast.developer).get(PAGE)
    assert page.status_code == HTTPStatus.FORBIDDEN
    words = page.content.decode()
    assert "Acme lets its members in through Acme ID only" in words
    assert f"/sso/with/{acme.provider.key}/" in words


def test_session_from_the_provider_enters(acme: Acme) -> None:
    acme.require()
    client = client_of(acme.cast.developer, key=acme.provider.key)
    assert client.get(PAGE).status_code == HTTPStatus.OK
    assert client.get(f"/api/organizations/{acme.cast.acme.id}").status_code == HTTPStatus.OK


def test_session_from_another_provider_is_kept_out(acme: Acme) -> None:
    acme.require()
    client = client_of(acme.cast.developer, key=f"org-{acme.cast.globex.id.hex}")
    assert client.get(PAGE).status_code == HTTPStatus.FORBIDDEN


def test_provider_is_asked_again_after_a_day(acme: Acme, settings: Settings) -> None:
    acme.require()
    acme.provider.connected_at = acme.provider.connected_at.replace(year=2020)
    acme.provider.save()
    settings.SSO_SESSION_HOURS = 1
    client = client_of(acme.cast.viewer, key=acme.provider.key, at=time.time() - 3601)
    assert client.get(PAGE).status_code == HTTPStatus.FORBIDDEN
    client = client_of(acme.cast.viewer, key=acme.provider.key, at=time.time() - 3500)
    assert client.get(PAGE).status_code == HTTPStatus.OK


def test_what_another_connection_said_counts_no_more(acme: Acme) -> None:
    acme.require()
    before = acme.provider.connected_at.timestamp() - 1
    client = client_of(acme.cast.viewer, key=acme.provider.key, at=before)
    assert client.get(PAGE).status_code == HTTPStatus.FORBIDDEN


def test_word_given_for_somebody_else_counts_for_nobody(acme: Acme) -> None:
    acme.require()
    client = client_of(acme.cast.viewer, key=acme.provider.key)
    session = client.session
    session[vouchers.OWNER_KEY] = str(acme.cast.developer.pk)
    session.save()
    assert client.get(PAGE).status_code == HTTPStatus.FORBIDDEN


def test_owner_comes_in_by_every_way(acme: Acme) -> None:
    acme.require()
    assert client_of(acme.cast.owner).get(PAGE).status_code == HTTPStatus.OK


def test_offered_provider_is_required_of_nobody(acme: Acme) -> None:
    assert client_of(acme.cast.viewer).get(PAGE).status_code == HTTPStatus.OK


def test_outsider_learns_nothing_of_the_provider(acme: Acme) -> None:
    acme.require()
    assert client_of(acme.cast.outsider).get(PAGE).status_code == HTTPStatus.NOT_FOUND


def test_access_token_is_no_word_of_the_provider_not_even_beside_a_cookie(acme: Acme) -> None:
    acme.require()
    browser = client_of(acme.cast.viewer, key=acme.provider.key)
    program = APIClient()
    program.cookies = browser.cookies
    token = access_tokens.issue(acme.cast.viewer)
    url = f"/api/organizations/{acme.cast.acme.id}"
    refused = program.get(url, headers={"authorization": f"Bearer {token}"})
    assert (refused.status_code, refused.json()["code"]) == (403, "sso_required")


def test_sockets_obey_as_pages_do(acme: Acme) -> None:
    acme.require()
    by_password = client_of(acme.cast.viewer).session.session_key
    by_provider = client_of(acme.cast.viewer, key=acme.provider.key).session.session_key
    askers = [Asker(key, acme.cast.acme.id) for key in (by_password, by_provider)]
    answers = standings(askers, Permission.INSTANCE_VIEW)
    assert answers[askers[0]] is Refused.NOT_ALLOWED
    assert not isinstance(answers[askers[1]], Refused)


def log_in(user: User) -> tuple[int, str]:
    answer = APIClient().post("/auth/login", {"email": user.email, "password": PASSWORD})
    return answer.status_code, answer.json().get("code", "")


def test_program_of_a_member_is_refused_with_a_code(acme: Acme) -> None:
    acme.require()
    assert log_in(acme.cast.developer) == (403, "sso_required")


def test_wrong_password_says_nothing_of_the_provider(acme: Acme) -> None:
    acme.require()
    answer = APIClient().post(
        "/auth/login", {"email": acme.cast.developer.email, "password": "wrong"}
    )
    assert answer.json()["code"] == "wrong_credentials"


def test_login_page_sends_a_member_to_the_provider(acme: Acme) -> None:
    acme.require()
    client = Client()
    page = client.post(
        "/accounts/login/", {"login": acme.cast.developer.email, "password": PASSWORD}
    )
    assert page.status_code == HTTPStatus.FORBIDDEN
    assert f"/sso/with/{acme.provider.key}/" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_owner_who_uses_a_password_leaves_a_trace(acme: Acme) -> None:
    acme.require()
    assert log_in(acme.cast.owner)[0] == HTTPStatus.OK
    event = AuditEvent.objects.get(action=Action.SSO_BYPASS)
    assert (event.actor_id, event.organization_id) == (acme.cast.owner.id, acme.cast.acme.id)


def test_password_alone_is_no_way_around_for_an_owner_with_a_second_factor(acme: Acme) -> None:
    acme.require()
    owner, bypasses = acme.cast.owner, AuditEvent.objects.filter(action=Action.SSO_BYPASS)
    secret = add_totp(owner)
    assert log_in(owner) == (401, "mfa_required")
    browser = Client()
    browser.post("/accounts/login/", {"login": owner.email, "password": PASSWORD})
    assert not bypasses.exists()
    browser.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    browser.post("/accounts/2fa/trust/", {"action": "no"})
    assert bypasses.count() == 1


@pytest.mark.parametrize("is_vouched", [False, True])
def test_list_tells_only_the_name_of_what_is_closed_to_this_session(
    acme: Acme, is_vouched: bool
) -> None:
    acme.require()
    Organization.objects.filter(pk=acme.cast.acme.pk).update(description="Secret plans")
    client = client_of(acme.cast.developer, key=acme.provider.key if is_vouched else "")
    [listed] = client.get("/api/organizations").json()["results"]
    told = listed["name"], listed["sign_in_required"], listed["description"]
    assert told == ("Acme", not is_vouched, "Secret plans" if is_vouched else "")
    page = client.get("/orgs/").content.decode()
    assert ("Secret plans" in page, "Opens after its single sign-on" in page) == (
        is_vouched,
        not is_vouched,
    )


def test_guest_keeps_their_own_account(acme: Acme) -> None:
    acme.require()
    guest = acme.cast.developer
    guest.email = "dora@freelance.example"
    guest.save()
    assert log_in(guest)[0] == HTTPStatus.OK
    assert client_of(guest).get(PAGE).status_code == HTTPStatus.FORBIDDEN


def test_entering_costs_no_further_query(
    acme: Acme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    acme.require()
    user = acme.cast.owner
    with django_assert_num_queries(1):
        access.enter(user, "acme", Permission.ORGANIZATION_VIEW)
