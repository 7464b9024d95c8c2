"""Keys in a real browser: with script nothing reloads, without it everything still works."""

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from apikeys.models import ApiKey
from apikeys.verification import verify
from tests.apikeys.rows import make_key
from tests.browser import Tab, open_tab
from tests.conftest import Cast
from tests.rows import add_instance

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/orgs/acme/api-keys/"
REFUSED_FORM = "status of 422"


@pytest.fixture
def session(cast: Cast) -> str:
    """The session cookie of somebody who may create and revoke keys."""
    client = Client()
    client.force_login(cast.developer)
    return client.cookies["sessionid"].value


def visit(tab: Tab, live_server: LiveServer, session: str, path: str) -> Page:
    cookie = {"name": "sessionid", "value": session, "url": live_server.url}
    tab.page.context.add_cookies([cookie])  # type: ignore[list-item]
    tab.page.goto(live_server.url + path)
    return tab.page


@pytest.mark.parametrize("script", [True, False])
def test_person_makes_a_key_and_takes_it_along(
    cast: Cast, live_server: LiveServer, session: str, script: bool
) -> None:
    instance = add_instance(cast.acme, "Sessions")
    with open_tab(script=script) as tab:
        page = visit(tab, live_server, session, f"{LIST}new/")
        page.get_by_role("button", name="Create the key").click()
        expect(page.get_by_text("Give the key a name")).to_be_visible()
        page.get_by_label("Name").fill("Web shop")
        page.get_by_label("Only these").check()
        page.get_by_label("Sessions").check()
        page.get_by_role("button", name="Create the key").click()
        expect(page.get_by_text("Save this key now")).to_be_visible()
        token = page.get_by_label("API key", exact=True).input_value()
        assert f"/redis/{instance.id}/set/greeting/hello" in page.content()
        if script:
            page.get_by_role("button", name="Copy API key").click()
            assert page.evaluate("navigator.clipboard.readText()") == token
        assert token not in page.url
        page.reload()
        expect(page.get_by_text("This key was shown once")).to_be_visible()
        assert token not in page.content()
        complaints = [text for text in tab.complaints if REFUSED_FORM not in text]
    assert verify(token).instance_ids == frozenset({instance.id})
    assert complaints == []


@pytest.mark.parametrize("script", [True, False])
def test_person_revokes_a_key_after_being_asked(
    cast: Cast, live_server: LiveServer, session: str, script: bool
) -> None:
    key, _ = make_key(cast.owner, cast.acme, name="Web shop")
    kept, _ = make_key(cast.owner, cast.acme, name="Reports")
    with open_tab(script=script) as tab:
        page = visit(tab, live_server, session, LIST)
        row = page.locator(f"#key-{key.id}")
        row.get_by_role("link", name="Revoke Web shop").click()
        page.get_by_role("button", name="Revoke the key").click()
        expect(page.get_by_text("is revoked")).to_be_visible()
        expect(page.locator(f"#key-{kept.id}")).to_be_visible()
        expect(row).to_have_count(0)
        complaints = tab.complaints
    assert not ApiKey.objects.get(pk=key.pk).is_active
    assert complaints == []
