"""What lists and forms do while somebody works in them, in a real browser."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Dialog, expect
from pytest_django.live_server_helper import LiveServer

from apikeys.models import ApiKey
from tests.apikeys.rows import make_key
from tests.browser import open_tab
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def session_of(cast: Cast) -> str:
    client = Client()
    client.force_login(cast.owner)
    return client.cookies["sessionid"].value


def test_rows_are_ticked_and_revoked_together_and_the_order_stays(
    cast: Cast, live_server: LiveServer
) -> None:
    made = [make_key(cast.owner, cast.acme, name=name)[0] for name in ("Ada", "Bob", "Cyd", "Dan")]
    session = session_of(cast)
    with open_tab() as tab:
        page = tab.page
        cookie = {"name": "sessionid", "value": session, "url": live_server.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.goto(f"{live_server.url}/orgs/acme/api-keys/")
        page.get_by_role("link", name="Name", exact=True).click()
        expect(page).to_have_url(re.compile(r"\?sort=name$"))
        page.get_by_label("Choose Ada").click()
        page.get_by_label("Choose Cyd").click(modifiers=["Shift"])
        expect(page.get_by_text("3 chosen")).to_be_visible()
        page.get_by_role("button", name="Revoke", exact=True).click()
        revoke = page.get_by_role("button", name="Revoke the keys")
        expect(revoke).to_be_disabled()
        page.get_by_label("Type revoke to confirm").fill("revoke")
        page.keyboard.press("Enter")
        expect(page.locator("#keys tbody tr")).to_have_count(1)
        expect(page.get_by_text("3 chosen")).to_be_hidden()
        expect(page.locator("th[aria-sort=ascending]")).to_contain_text("Name")
        complaints = tab.complaints
    ended = ApiKey.objects.filter(pk__in=[key.pk for key in made]).revoked()
    assert ended.count() == 3
    assert complaints == []


def test_left_field_says_what_is_wrong_and_unsaved_words_are_asked_about(
    cast: Cast, live_server: LiveServer
) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    session = session_of(cast)
    with open_tab() as tab:
        page = tab.page
        cookie = {"name": "sessionid", "value": session, "url": live_server.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.goto(f"{live_server.url}/orgs/acme/usage/")
        page.get_by_role("navigation", name="Organization").get_by_role(
            "link", name="Settings"
        ).click()
        page.wait_for_url("**/orgs/acme/settings/")
        name = page.get_by_label("Name", exact=True)
        name.fill("")
        name.press("Tab")
        expect(name).to_have_attribute("aria-invalid", "true")
        expect(name).to_have_accessible_description(re.compile("name", re.IGNORECASE))
        name.fill("Acme and sons")
        expect(name).not_to_have_attribute("aria-invalid", "true")
        page.once("dialog", stay)
        page.get_by_role("link", name="Members", exact=True).click()
        expect(name).to_have_value("Acme and sons")
        page.once("dialog", stay)
        with page.expect_event("dialog"):
            page.evaluate("history.back()")
        page.wait_for_url("**/orgs/acme/settings/")
        expect(name).to_have_value("Acme and sons")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="Settings")).to_be_visible()
        expect(page.get_by_text(re.compile("saved|changed", re.IGNORECASE)).first).to_be_visible()
        page.get_by_role("link", name="Members", exact=True).click()
        expect(page.get_by_role("heading", name="Members", exact=True)).to_be_visible()
    assert asked == 2 * ["You have changes that are not saved. Leave this page without them?"]
