"""The main journeys by keyboard alone: the mouse stays where it is."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import open_tab
from tests.platform import Platform

pytestmark = pytest.mark.e2e

STOPS_MOST = 80
"""How often Tab is pressed before something counts as out of reach."""


def tab_to(page: Page, place: Locator) -> None:
    """Press Tab until the place has the focus, as somebody who looks for it does."""
    expect(place).to_be_visible()
    for _ in range(STOPS_MOST):
        if place.evaluate("place => place === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab doesn't lead to {place}")


def write(page: Page, place: Locator, text: str) -> None:
    tab_to(page, place)
    page.keyboard.type(text)


def command(page: Page, words: str) -> None:
    """Open the palette, and take the first of what it finds."""
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    page.keyboard.type(words)
    page.keyboard.press("Enter")


def test_from_sign_up_to_a_stopped_instance_without_a_mouse(platform: Platform) -> None:
    with open_tab(platform.url) as tab:
        page = tab.page
        page.goto("/accounts/signup/")
        write(page, page.locator("input[name=email]"), "kay@example.com")
        write(page, page.locator("input[name=username]"), "kay")
        write(page, page.locator("input[name=password1]"), "correct horse battery")
        page.keyboard.press("Enter")
        page.wait_for_url("**/orgs/**")

        page.keyboard.press("c")
        write(page, page.get_by_label("Name"), "sessions")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Running", exact=True).first).to_be_visible()

        command(page, "create an api key")
        write(page, page.get_by_label("Name"), "laptop")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Save this key now")).to_be_visible()

        command(page, "console sess")
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()
        expect(page.locator(".rg-console-input")).to_be_focused()
        page.keyboard.type("SET greeting hello")
        page.keyboard.press("Enter")
        expect(page.locator(".rg-console-reply").last).to_have_text("OK")

        command(page, "stop sess")
        question = page.get_by_role("group", name="Programs can't reach sessions")
        expect(question).to_be_visible()
        page.keyboard.press("Escape")
        expect(question).to_have_count(0)
        page.keyboard.press("Enter")
        expect(question).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Stopped", exact=True).first).to_be_visible()
        assert tab.complaints == []
