"""A key's whole life in a real browser, in front of a real server."""

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser import open_tab
from tests.e2e.conftest import Ready
from tests.platform import Platform
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e


def call(ready: Ready, secret: str, *words: str) -> int:
    headers = {"Authorization": f"Bearer {secret}", "User-Agent": "elder/1"}
    return httpx.post(ready.url, json=words, headers=headers).status_code


def secret_on(page: Page) -> str:
    expect(page.get_by_text("Save this key now")).to_be_visible()
    return page.get_by_label("API key", exact=True).input_value()


def test_key_is_made_rotated_watched_ended_and_judged(platform: Platform, ready: Ready) -> None:
    with open_tab(platform.url) as tab:
        page = tab.page
        page.goto("/accounts/login/")
        page.locator("input[name=login]").fill(ready.email)
        page.locator("input[name=password]").fill(ready.password)
        page.get_by_role("button", name="Log in", exact=True).click()
        page.get_by_role("link", name="API keys").first.click()
        page.get_by_role("link", name="Create a key").first.click()
        page.get_by_label("Name").fill("Journey")
        page.get_by_role("button", name="Create the key").click()
        former = secret_on(page)
        page.get_by_role("link", name="I have saved it").click()
        page.get_by_role("link", name="Journey", exact=True).click()

        page.get_by_role("link", name="Rotate").click()
        page.get_by_label("After 24 hours").check()
        page.get_by_role("button", name="Make a new secret").click()
        present = secret_on(page)
        assert (call(ready, former, "PING"), call(ready, present, "PING")) == (200, 200)
        page.get_by_role("link", name="I have saved it").click()
        expect(page.get_by_text("Two secrets work")).to_be_visible()

        # What was counted comes to the page within a second or two.
        wait_until(page.get_by_text("elder/1").count, "the use is shown", meanwhile=page.reload)
        page.get_by_role("button", name="End the former one now").click()
        expect(page.get_by_text("is refused within a second")).to_be_visible()
        page.get_by_role("button", name="End it now").click()
        expect(page.get_by_text("Two secrets work")).to_have_count(0)
        assert call(ready, present, "PING") == 200

        page.get_by_role("textbox", name="Command").fill("CONFIG GET maxmemory")
        page.get_by_role("button", name="Judge it").click()
        expect(page.locator(".rg-verdict").first).to_contain_text("Denied")
        page.get_by_role("textbox", name="Command").fill("SET journey 1")
        page.get_by_role("button", name="Judge it").click()
        expect(page.locator(".rg-verdict").first).to_contain_text("Allowed")
        page.get_by_role("link", name="Revoke").click()
        page.get_by_role("button", name="Revoke the key").click()
        expect(page.get_by_text("is revoked").first).to_be_visible()
        complaints = tab.complaints
    assert complaints == []
    assert call(ready, present, "GET", "journey") == 401
