"""Signing up in a real browser: what is wrong is said as a field is left."""

import re

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import open_tab

pytestmark = pytest.mark.django_db(transaction=True)


def test_fields_are_checked_as_they_are_left_and_the_password_can_be_seen(
    live_server: LiveServer,
) -> None:
    with open_tab(live_server.url) as tab:
        page = tab.page
        page.goto("/accounts/signup/")
        expect(page.get_by_label("Email address")).to_be_focused()
        page.get_by_label("Email address").fill("nonsense")
        page.get_by_label("Username").fill("a")
        expect(page.get_by_text("Enter a valid email address.")).to_be_visible()
        expect(page.get_by_label("Email address")).to_have_attribute("aria-invalid", "true")
        password = page.get_by_label("Password", exact=True)
        password.fill("short")
        expect(page.get_by_text("Use at least 3 characters.")).to_be_visible()
        expect(page.get_by_text("Too short: 5 more characters.")).to_be_visible()
        page.get_by_role("button", name="Show").click()
        expect(password).to_have_attribute("type", "text")
        page.get_by_label("Email address").fill("ada@example.com")
        expect(page.get_by_text("Enter a valid email address.")).to_have_count(0)
        page.get_by_role("button", name="Create account").click()
        expect(page.get_by_text("Please look at these again")).to_be_visible()
        expect(page.locator("[data-form-errors]")).to_be_focused()
        page.get_by_role("link", name=re.compile("^Username")).click()
        expect(page.get_by_label("Username")).to_be_focused()
        assert tab.complaints == []
