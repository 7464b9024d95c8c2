"""A team in a real browser: somebody is invited and joins, and roles are changed by keyboard."""

import re

import pytest
from django.core import mail
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from orgs.models import Organization
from orgs.roles import Role
from tests.browser import Tab, open_tab
from tests.conftest import PASSWORD, Cast
from tests.orgs.people import role_of

pytestmark = pytest.mark.django_db(transaction=True)

MEMBERS = "/orgs/acme/members/"


@pytest.fixture
def session(cast: Cast) -> str:
    """The session cookie of Acme's admin."""
    return session_of(cast.admin)


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def visit(tab: Tab, live_server: LiveServer, session: str) -> Page:
    cookie = {"name": "sessionid", "value": session, "url": live_server.url}
    tab.page.context.add_cookies([cookie])  # type: ignore[list-item]
    tab.page.goto(live_server.url + MEMBERS)
    return tab.page


def link() -> str:
    found = re.search(r"https?://\S+\?token=\S+", str(mail.outbox[-1].body))
    assert found is not None
    return found[0]


def test_invited_newcomer_signs_up_and_joins(
    cast: Cast, live_server: LiveServer, session: str, settings: Settings
) -> None:
    settings.PUBLIC_URL = live_server.url
    with open_tab() as tab:
        page = visit(tab, live_server, session)
        page.get_by_label("Email", exact=True).fill("nora@example.com")
        page.get_by_role("button", name="Invite").click()
        expect(page.locator("#invitations table")).to_contain_text("nora@example.com")
        expect(page.get_by_label("Email", exact=True)).to_have_value("")
        page.context.clear_cookies()
        page.goto(link())
        assert "token" not in page.url
        page.get_by_role("button", name="Create an account").click()
        expect(page.get_by_label(re.compile("e-?mail", re.IGNORECASE))).to_have_value(
            "nora@example.com"
        )
        page.get_by_label("Username").fill("nora")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Create account").click()
        page.get_by_role("button", name="Accept the invitation").click()
        expect(page.get_by_text("Welcome to Acme. You are a developer there.")).to_be_visible()
        complaints = tab.complaints
    assert role_of(cast.acme, User.objects.get(username="nora")) is Role.DEVELOPER
    assert complaints == []


def test_role_is_changed_and_a_member_removed_by_keyboard(
    cast: Cast, live_server: LiveServer, session: str
) -> None:
    with open_tab() as tab:
        page = visit(tab, live_server, session)
        role = page.get_by_label("Role of victor")
        role.focus()
        page.keyboard.press("ArrowUp")
        expect(role).to_have_value("developer")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text("victor is a developer of Acme now.")).to_be_visible()
        page.get_by_label("Remove victor").focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("Remove victor?")
        expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="3 members")).to_be_visible()
        expect(page.get_by_role("row", name="victor@example.com")).to_have_count(0)
        complaints = tab.complaints
    assert role_of(cast.acme, cast.viewer) is None
    assert complaints == []


def test_organization_is_deleted_in_a_dialog_once_its_name_is_typed(
    cast: Cast, live_server: LiveServer
) -> None:
    session = session_of(cast.owner)
    with open_tab() as tab:
        page = visit(tab, live_server, session)
        page.goto(f"{live_server.url}/orgs/acme/settings/")
        page.get_by_role("button", name="Delete organization").click()
        dialog = page.get_by_role("dialog", name="Delete this organization?")
        last = dialog.get_by_role("button", name="Delete for good")
        expect(last).to_be_disabled()
        dialog.get_by_label("Type Acme to confirm").fill("Acme")
        expect(last).to_be_enabled()
        page.keyboard.press("Enter")
        page.wait_for_url("**/accounts/reauthenticate/**")  # who it is, for such a deed
        complaints = tab.complaints
    assert Organization.objects.filter(pk=cast.acme.pk).exists()
    assert complaints == []
