"""What the link in an invitation shows to whoever follows it."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from orgs import deletion
from orgs.invitations import services as invitations
from orgs.models import Invitation
from orgs.roles import Role
from tests.clients import browser
from tests.conftest import PASSWORD, Cast, actor, make_user
from tests.orgs.people import role_of

OPEN = "/invitations/"


@pytest.fixture
def link(cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> str:
    """The path of an invitation's link, as it came by mail."""
    with django_capture_on_commit_callbacks(execute=True):
        invitations.invite(
            actor(cast.admin), cast.acme, email="nora@example.com", role=Role.DEVELOPER
        )
    found = re.search(r"(/invitations/\?token=\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def test_address_of_the_page_has_no_token(client: Client, link: str) -> None:
    answer = client.get(link)
    assert (answer.status_code, answer["Location"]) == (302, OPEN)
    page = client.get(OPEN)
    assert "no-store" in page["Cache-Control"]
    assert link.partition("=")[2] not in page.text + str(dict(client.session))


def test_invited_person_accepts_with_one_click(cast: Cast, link: str) -> None:
    nora = make_user("nora")
    visitor = browser(nora)
    page = visitor.get(link, follow=True).text
    assert "adam" in page
    assert "developer" in page
    answer = visitor.post("/invitations/accept/", follow=True)
    assert "Welcome to Acme. You are a developer there." in answer.text
    assert role_of(cast.acme, nora) is Role.DEVELOPER


def test_person_with_an_account_logs_in_and_comes_back(
    cast: Cast, client: Client, link: str
) -> None:
    make_user("nora")
    page = client.get(link, follow=True).text
    assert "/accounts/login/?next=%2Finvitations%2F" in page
    credentials = {"login": "nora@example.com", "password": PASSWORD, "next": OPEN}
    back = client.post("/accounts/login/", credentials, follow=True)
    assert back.redirect_chain[-1][0] == OPEN
    assert "Accept the invitation" in back.text


@pytest.mark.parametrize("came_by_mail", [True, False])
def test_new_person_signs_up_and_only_mail_verifies_the_address(
    cast: Cast, client: Client, link: str, settings: Settings, came_by_mail: bool
) -> None:
    settings.HAS_MAIL_SERVER = came_by_mail
    assert "Create an account" in client.get(link, follow=True).text
    form = client.post("/invitations/sign-up/", follow=True)
    assert 'value="nora@example.com"' in form.text
    account = {"email": "nora@example.com", "username": "nora", "password1": PASSWORD, "next": OPEN}
    back = client.post("/accounts/signup/", account, follow=True)
    assert back.redirect_chain[-1][0] == OPEN
    client.post("/invitations/accept/")
    assert EmailAddress.objects.get(email="nora@example.com").verified is came_by_mail
    assert role_of(cast.acme, User.objects.get(username="nora")) is Role.DEVELOPER


def test_somebody_else_is_told_and_may_change_account(cast: Cast, link: str) -> None:
    visitor = browser(cast.outsider)
    page = " ".join(visitor.get(link, follow=True).text.split())
    assert "It is for <strong>nora@example.com</strong>" in page
    assert "you are signed in as <strong>otto@example.com</strong>" in page
    assert visitor.post("/invitations/accept/").status_code == 403
    answer = visitor.post("/invitations/switch/")
    assert answer["Location"] == "/accounts/login/?next=%2Finvitations%2F"
    assert "_auth_user_id" not in visitor.session
    assert "nora@example.com" in visitor.get(OPEN).text


def test_visitor_declines_without_an_account(cast: Cast, client: Client, link: str) -> None:
    client.get(link)
    assert "You declined" in client.post("/invitations/decline/").text
    assert not Invitation.objects.exists()
    assert "This invitation was declined." in client.get(link).text


def test_link_of_a_deleted_organization_says_so(cast: Cast, client: Client, link: str) -> None:
    client.get(link)
    deletion.delete(actor(cast.owner), cast.acme)
    for path in (link, OPEN):
        answer = client.get(path)
        assert answer.status_code == 410
        assert "was deleted" in answer.text


def test_looking_at_a_link_accepts_nothing(cast: Cast, link: str) -> None:
    visitor = browser(nora := make_user("nora"))
    visitor.get(link, follow=True)
    assert visitor.get("/invitations/accept/").status_code == 405
    assert role_of(cast.acme, nora) is None


def test_made_up_link_is_over_in_words(client: Client, db: None) -> None:
    answer = client.get("/invitations/?token=rgi_made-up")
    assert answer.status_code == 410
    assert "Is the whole of it there?" in answer.text
    assert "sessionid" not in client.cookies
