"""The data browser in a real Chromium, mostly by keyboard."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from browser import finding, scanning, sweeping
from browser.quoting import to_ref
from browser.scanning import Budget
from instances.models import Instance
from tests.browser import Tab, open_tab
from tests.conftest import Cast
from tests.data_browser.conftest import RealServer
from tests.instances.test_in_browser import session_of, visit

pytestmark = pytest.mark.django_db(transaction=True)
SOCKETLESS = ("WebSocket", "[object Event]", "oobErrorNoTarget", "status of 422", "status of 404")


def data_of(instance: Instance) -> str:
    return f"/orgs/acme/instances/{instance.id}/data/"


def complaints_of(tab: Tab) -> list[str]:
    """Give what the page complained of, but for the socket that this server doesn't have."""
    return [text for text in tab.complaints if not any(word in text for word in SOCKETLESS)]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim().replace(/\\s+/g, ' ')"))


def test_key_is_found_opened_edited_and_deleted_by_keyboard(
    cast: Cast, instance: Instance, server: RealServer, live_server: LiveServer
) -> None:
    server.client.mset({"user:1": "one", "user:2": "two", "other": "x"})
    session = session_of(cast.developer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, data_of(instance))
        keyboard = page.keyboard
        keyboard.press("/")
        keyboard.type("user")
        keyboard.press("Enter")
        expect(page.get_by_text("3 keys scanned, 2 found")).to_be_visible()
        page.get_by_label("Find keys").press("ArrowDown")
        assert focused(page) == "user: 2"
        keyboard.press("ArrowRight")
        expect(page.get_by_title("user:2")).to_be_visible()
        keyboard.press("ArrowDown")
        keyboard.press("ArrowDown")
        keyboard.press("Enter")
        expect(page.locator("#data-key-name")).to_have_text("user:2")
        assert page.url.endswith(f"key={to_ref(b'user:2')}")

        page.get_by_role("button", name="Edit").press("Enter")
        expect(page.get_by_label("Value", exact=True)).to_be_focused()
        keyboard.press("Control+A")
        keyboard.type("changed")
        page.get_by_role("button", name="Save").press("Enter")
        expect(page.get_by_text("Saved.")).to_be_visible()
        expect(page.locator(".rg-data-pre")).to_have_text("changed")

        page.get_by_title("user:2").focus()
        keyboard.press("Delete")
        page.get_by_role("button", name="Delete key").press("Enter")
        expect(page.get_by_title("user:2")).to_have_count(0)
        expect(page.get_by_text("Open a key to see")).to_be_visible()
        assert focused(page) != ""
        assert complaints_of(tab) == []
    assert server.client.get("user:2") is None
    assert server.client.get("user:1") == b"one"


def test_first_key_is_made_from_the_empty_state(
    cast: Cast, instance: Instance, server: RealServer, live_server: LiveServer
) -> None:
    session = session_of(cast.developer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, data_of(instance))
        page.get_by_role("link", name="Create a key").press("Enter")
        page.get_by_label("Name", exact=True).fill("greetings")
        expect(page.get_by_label("Field", exact=True)).to_be_hidden()
        page.get_by_label("Type", exact=True).last.select_option("hash")
        page.get_by_label("Field", exact=True).fill("en")
        page.get_by_label("Value", exact=True).fill("hello")
        page.get_by_role("button", name="Create key").click()
        expect(page.locator("#data-key-name")).to_have_text("greetings")
        expect(page.locator("#data-list").get_by_title("greetings")).to_be_visible()
        page.reload()
        expect(page.locator("#data-key-name")).to_have_text("greetings")
        assert complaints_of(tab) == []
    assert server.client.hgetall("greetings") == {b"en": b"hello"}


def test_back_and_forward_keep_search_and_key(
    cast: Cast, instance: Instance, server: RealServer, live_server: LiveServer
) -> None:
    server.client.mset({"a1": "first", "a2": "second", "b": "x"})
    session = session_of(cast.viewer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, f"{data_of(instance)}?q=a")
        page.get_by_title("a1").click()
        expect(page.locator(".rg-data-pre")).to_have_text("first")
        page.get_by_title("a2").click()
        expect(page.locator(".rg-data-pre")).to_have_text("second")
        page.go_back()
        expect(page.locator(".rg-data-pre")).to_have_text("first")
        expect(page.get_by_label("Find keys")).to_have_value("a")
        page.go_forward()
        expect(page.locator(".rg-data-pre")).to_have_text("second")
        assert complaints_of(tab) == []


def test_search_among_a_million_goes_on_until_it_is_stopped(
    cast: Cast,
    million: RealServer,
    live_server: LiveServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # By steps instead of by time, so that a busy machine takes no more rounds than an idle one.
    monkeypatch.setattr(scanning, "STEP_SECONDS", 60)
    monkeypatch.setattr(finding, "BUDGET", Budget(busy_seconds=60, wall_seconds=60, steps=8))
    instance = million.instance(cast.acme)
    session = session_of(cast.viewer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, f"{data_of(instance)}?q=user:&how=prefix")
        page.get_by_role("button", name="Stop").click()
        count = page.locator('[title="user:"] [data-count-shown]')
        expect(count).to_have_count(1)
        assert 0 < _number(count.inner_text()) < 100_000
        page.get_by_role("link", name="Continue").click()
        expect(page.get_by_text("1,000,001 keys scanned")).to_be_visible()
        expect(count).to_have_count(1)  # a portion's group joins the one that is there
        # The portions were added up, near the truth: SCAN may give a key twice.
        assert 100_000 <= _number(count.inner_text()) < 101_000
        assert page.locator("#data-keys > li[data-ref]").count() == 1
        assert complaints_of(tab) == []


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def test_deletion_of_many_stops_when_somebody_says_so(
    cast: Cast,
    instance: Instance,
    server: RealServer,
    live_server: LiveServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sweeping, "DELETING", Budget(wanted=1, steps=1))
    server.client.mset({f"user:{number}": "x" for number in range(2_000)})
    session = session_of(cast.developer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, f"{data_of(instance)}?q=user&how=prefix")
        page.get_by_role("link", name="Delete all that match").click()
        expect(page.get_by_text("Delete 2,000 keys?")).to_be_visible()
        expect(page.get_by_role("button", name="Delete for good")).to_be_disabled()
        page.get_by_label(re.compile("to confirm")).fill("user*")
        page.get_by_role("button", name="Delete for good").click()
        page.get_by_role("link", name="Stop").click()
        expect(page.get_by_text("keys are deleted; the others are as they were")).to_be_visible()
        page.get_by_role("link", name="Done").click()
        expect(page.locator("#data-dialog")).to_be_hidden()
        assert complaints_of(tab) == []
    assert 0 < server.client.dbsize() < 2_000


def test_person_sees_both_values_when_somebody_was_faster(
    cast: Cast, instance: Instance, server: RealServer, live_server: LiveServer
) -> None:
    server.client.set("k", "old")
    session = session_of(cast.developer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, f"{data_of(instance)}?key={to_ref(b'k')}")
        page.get_by_role("button", name="Edit").click()
        page.get_by_label("Value", exact=True).fill("mine")
        server.client.set("k", "theirs")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Was changed meanwhile")).to_be_visible()
        expect(page.locator(".rg-data-now")).to_have_text("theirs")
        expect(page.get_by_label("Value", exact=True)).to_have_value("mine")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
    assert server.client.get("k") == b"mine"


def test_on_a_phone_list_and_key_are_two_steps(
    cast: Cast, instance: Instance, server: RealServer, live_server: LiveServer
) -> None:
    server.client.set("k", "what it holds")
    session = session_of(cast.viewer)
    with open_tab() as tab:
        tab.page.set_viewport_size({"width": 390, "height": 844})
        page = visit(tab, live_server, session, data_of(instance))
        expect(page.locator("#data-detail")).to_be_hidden()
        page.get_by_title("k", exact=True).click()
        expect(page.get_by_text("what it holds")).to_be_visible()
        expect(page.locator("#data-list")).to_be_hidden()
        page.get_by_role("link", name="Keys", exact=True).click()
        expect(page.get_by_title("k", exact=True)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert complaints_of(tab) == []


def test_without_script_keys_are_found_and_opened(
    cast: Cast, instance: Instance, server: RealServer, live_server: LiveServer
) -> None:
    server.client.mset({"user:1": "one", "other": "x"})
    session = session_of(cast.viewer)
    with open_tab(script=False) as tab:
        page = visit(tab, live_server, session, data_of(instance))
        page.get_by_title("user:", exact=True).click()
        page.get_by_title("user:1").click()
        expect(page.locator(".rg-data-pre")).to_have_text("one")
