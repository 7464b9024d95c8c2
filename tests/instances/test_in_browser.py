"""Instances in a real browser. This server has no sockets, so the pages keep true by asking."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from instances.models import Instance
from instances.states import Wish
from tests.browser import Tab, open_tab
from tests.conftest import Cast
from tests.instances.rows import make_instance

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/orgs/acme/instances/"
KEY = "rg_x.eyJqdGkiOiIwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZiJ9.x"


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies["sessionid"].value


def visit(tab: Tab, live_server: LiveServer, session: str, path: str) -> Page:
    cookie = {"name": "sessionid", "value": session, "url": live_server.url}
    tab.page.context.add_cookies([cookie])  # type: ignore[list-item]
    tab.page.goto(live_server.url + path)
    return tab.page


@pytest.mark.parametrize("script", [True, False])
def test_person_makes_an_instance(cast: Cast, live_server: LiveServer, script: bool) -> None:
    session = session_of(cast.developer)
    with open_tab(script=script) as tab:
        page = visit(tab, live_server, session, "/orgs/acme/")
        page.get_by_role("link", name="Create your first instance").click()
        page.get_by_role("button", name="Create instance").click()
        expect(page.get_by_text("Give the instance a name")).to_be_visible()
        page.get_by_label("Name").fill("Sessions")
        page.get_by_label("Cache").check()
        page.get_by_role("button", name="Create instance").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Sessions")
        expect(page.get_by_text("is being created")).to_be_visible()
    assert Instance.objects.get().purpose == "cache"


def test_usual_size_fills_the_field(cast: Cast, live_server: LiveServer) -> None:
    session = session_of(cast.developer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, f"{LIST}new/")
        page.get_by_role("button", name="512 MB").click()
        expect(page.get_by_role("spinbutton", name="Memory")).to_have_value("512")
        assert tab.complaints == []


def test_without_a_socket_an_open_page_learns_of_a_change(
    cast: Cast, live_server: LiveServer
) -> None:
    instance = make_instance(cast.acme)
    watching, acting = session_of(cast.viewer), session_of(cast.developer)
    with open_tab() as tab:
        actor = visit(tab, live_server, acting, f"{LIST}{instance.id}/")
        other = tab.page.context.browser.new_context()  # type: ignore[union-attr]
        watcher = visit(Tab(other.new_page()), live_server, watching, LIST)
        expect(watcher.get_by_text("Running")).to_be_visible()
        actor.get_by_role("button", name="Stop").click()
        expect(actor.get_by_text("Sessions is stopping.")).to_be_visible()
        expect(watcher.get_by_text("Stopping")).to_be_visible(timeout=4000)


def test_pasted_key_fills_the_code_and_its_user(cast: Cast, live_server: LiveServer) -> None:
    instance = make_instance(cast.acme)
    session = session_of(cast.viewer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, f"{LIST}{instance.id}/")
        page.get_by_label("Your API key", exact=True).fill(KEY)
        expect(page.get_by_role("tabpanel")).to_contain_text(f"Bearer {KEY}")
        page.get_by_role("tab", name="redis-cli").click()
        expect(page.get_by_role("tabpanel")).to_contain_text(f"rg_0123456789ab:{KEY}@")
        page.get_by_label("Your API key", exact=True).fill("")
        expect(page.get_by_role("tabpanel")).to_contain_text("YOUR_KEY_USER:YOUR_API_KEY@")


def test_password_shows_only_when_asked_for(cast: Cast, live_server: LiveServer) -> None:
    instance = make_instance(cast.acme)
    session = session_of(cast.developer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, f"{LIST}{instance.id}/")
        field = page.get_by_role("textbox", name="Redis URL")
        expect(field).to_have_attribute("type", "password")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(field).to_have_attribute("type", "text")


@pytest.mark.parametrize("script", [True, False])
def test_delete_needs_the_typed_name(cast: Cast, live_server: LiveServer, script: bool) -> None:
    instance = make_instance(cast.acme)
    session = session_of(cast.developer)
    with open_tab(script=script) as tab:
        page = visit(tab, live_server, session, f"{LIST}{instance.id}/settings/")
        if script:
            page.get_by_role("button", name="Delete instance").click()
            expect(page.get_by_role("button", name="Delete for good")).to_be_disabled()
        page.get_by_label(re.compile("Type Sessions to confirm")).fill("Sessions")
        page.get_by_role("button", name="Delete for good").click()
        expect(page.get_by_text("are being deleted")).to_be_visible()
    assert Instance.objects.get().wish == Wish.DELETED


def test_refused_form_complains_of_nothing_but_the_refusal(
    cast: Cast, live_server: LiveServer
) -> None:
    session = session_of(cast.developer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, f"{LIST}new/")
        page.get_by_role("button", name="Create instance").click()
        expect(page.get_by_text("Give the instance a name")).to_be_visible()
        page.get_by_label("Name").fill("Sessions")
        page.get_by_role("spinbutton", name="Memory").fill("0")
        page.get_by_role("button", name="Create instance").click()
        expect(page.get_by_text("Give the instance a name")).to_have_count(0)
        assert [text for text in tab.complaints if "status of 422" not in text] == []
