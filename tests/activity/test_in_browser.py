"""The audit log in a real browser: with script nothing reloads, without it everything works."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from audit.actions import Action
from tests.activity.conftest import Write
from tests.browser import open_tab
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("script", [True, False])
def test_person_filters_opens_and_goes_on(
    cast: Cast, write: Write, live_server: LiveServer, script: bool
) -> None:
    for number in range(52):
        write(Action.INSTANCE_RESTART, f"server{number}")
    write(before={"name": "old"}, after={"name": "new"})
    client = Client()
    client.force_login(cast.owner)
    cookie = {
        "name": "sessionid",
        "value": client.cookies["sessionid"].value,
        "url": live_server.url,
    }
    with open_tab(live_server.url, script=script) as tab:
        page = tab.page
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto("/orgs/acme/audit/")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.get_by_label("Action", exact=True).select_option("instance.restart")
        if not script:
            page.get_by_role("button", name="Filter").click()
        renamed = page.locator("summary", has_text="renamed the instance")
        expect(renamed).to_have_count(0)
        expect(page).to_have_url(re.compile("action=instance.restart"))
        more = page.get_by_text("Show older events")
        more.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("server0", exact=True)).to_be_visible()
        page.goto("/orgs/acme/audit/")
        renamed.focus()
        page.keyboard.press("Enter")
        if not script:
            page.get_by_role("link", name="What changed").first.click()
        expect(page.locator("del", has_text="old")).to_be_visible()
        expect(page.locator("ins", has_text="new")).to_be_visible()
        complaints = tab.complaints
    assert complaints == []
