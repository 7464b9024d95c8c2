"""What lists and forms do while somebody works in them, in a real browser."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from apikeys.models import ApiKey
from tests.apikeys.rows import make_key
from tests.browser import open_tab
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)

OTHER_FORM = """
    document.getElementById("content").insertAdjacentHTML(
        "beforeend",
        '<form name="other" action="/orgs/acme/usage/"><button>Show usage</button></form>',
    );
"""

IS_PROTECTED = "!dispatchEvent(new Event('beforeunload', { cancelable: true }))"

SWAPPED_TIMES = """() => {
    const at = 'datetime="2026-01-01T00:00:00Z" data-relative';
    const time = (id) => `<time id="${id}" ${at}>1 year ago</time>`;
    const main = document.getElementById("content");
    main.innerHTML = `<div id="swapped"></div>${time("aside")}`;
    const news = time("main") + time("aside").replace("<time", '<time hx-swap-oob="true"');
    htmx.swap("#swapped", news, { swapStyle: "innerHTML", swapDelay: 0, settleDelay: 60000 });
    return ["main", "aside"].map((id) => document.getElementById(id).textContent);
}"""
"""Times that a swap has just drawn, before it settles: one in its place, one beside it."""


def session_of(cast: Cast) -> str:
    client = Client()
    client.force_login(cast.owner)
    return client.cookies["sessionid"].value


def carry(page: Page, session: str, live_server: LiveServer) -> None:
    """Let the browser carry the cookie of somebody who is logged in."""
    cookie = {"name": "sessionid", "value": session, "url": live_server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


def test_rows_are_ticked_and_revoked_together_and_the_order_stays(
    cast: Cast, live_server: LiveServer
) -> None:
    made = [make_key(cast.owner, cast.acme, name=name)[0] for name in ("Ada", "Bob", "Cyd", "Dan")]
    session = session_of(cast)
    with open_tab() as tab:
        page = tab.page
        carry(page, session, live_server)
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
    session = session_of(cast)
    with open_tab() as tab:
        page = tab.page
        carry(page, session, live_server)
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
        question = page.get_by_role("dialog", name="Leave without saving?")
        keep = question.get_by_role("button", name="Keep editing")
        page.get_by_role("link", name="Members", exact=True).click()
        expect(keep).to_be_focused()
        page.keyboard.press("Escape")
        expect(question).to_be_hidden()
        page.evaluate("history.back()")
        keep.click()
        expect(question).to_be_hidden()
        page.wait_for_url("**/orgs/acme/settings/")
        expect(name).to_have_value("Acme and sons")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", name="Settings")).to_be_visible()
        expect(page.get_by_text(re.compile("saved|changed", re.IGNORECASE)).first).to_be_visible()
        page.get_by_role("link", name="Members", exact=True).click()
        expect(page.get_by_role("heading", name="Members", exact=True)).to_be_visible()


def test_whoever_says_so_leaves_without_saving_by_back_and_by_link(
    cast: Cast, live_server: LiveServer
) -> None:
    session = session_of(cast)
    with open_tab(base_url=live_server.url) as tab:
        page = tab.page
        carry(page, session, live_server)
        page.goto("/orgs/acme/usage/")
        sections = page.get_by_role("navigation", name="Organization")
        leave = page.get_by_role("button", name="Leave without saving")
        for goes, there in (
            (lambda: page.evaluate("history.back()"), "Usage"),
            (lambda: sections.get_by_role("link", name="Members").click(), "Members"),
        ):
            sections.get_by_role("link", name="Settings").click()
            page.get_by_label("Name", exact=True).fill("Acme and sons")
            goes()
            leave.click()
            expect(sections.locator("[aria-current=page]")).to_have_text(there)
            expect(leave).to_be_hidden()
        page.wait_for_url("**/orgs/acme/members/")
        page.evaluate("history.back()")
        expect(page.get_by_label("Name", exact=True)).to_have_value("Acme")
        assert tab.complaints == []


def test_changes_stay_protected_when_neither_saving_nor_leaving_succeeds(
    cast: Cast, live_server: LiveServer
) -> None:
    session = session_of(cast)
    with open_tab(base_url=live_server.url) as tab:
        page = tab.page
        carry(page, session, live_server)
        page.goto("/orgs/acme/settings/")
        keep = page.get_by_role("button", name="Keep editing")
        leave = page.get_by_role("button", name="Leave without saving")
        members = page.get_by_role("link", name="Members", exact=True)
        name = page.get_by_label("Name", exact=True).first
        name.fill("Acme and sons")

        def save() -> None:
            page.get_by_role("button", name="Save").click()

        def go_away() -> None:
            members.click()
            leave.click()

        for path, goes in (("settings", save), ("members", go_away)):
            page.route(f"**/orgs/acme/{path}/", lambda route: route.abort())
            with page.expect_event("requestfailed"):
                goes()
            page.wait_for_function(IS_PROTECTED)
            page.unroute(f"**/orgs/acme/{path}/")
            members.click()
            keep.click()
            expect(keep).to_be_hidden()

        form = page.locator("form[data-unsaved]")
        form.evaluate("form => form.after(form.cloneNode(true))")
        form.last.locator("[name=name]").fill("Acme and daughters")
        form.last.get_by_role("button", name="Save").click()
        keep.click()
        expect(keep).to_be_hidden()
        form.first.evaluate("form => form.remove()")
        members.click()
        expect(leave).to_be_visible()


def test_yes_to_leaving_sends_also_without_its_button_and_says_when_the_form_is_gone(
    cast: Cast, live_server: LiveServer
) -> None:
    session = session_of(cast)
    with open_tab(base_url=live_server.url) as tab:
        page = tab.page
        carry(page, session, live_server)
        page.goto("/orgs/acme/settings/")
        page.get_by_label("Name", exact=True).fill("Acme and sons")
        page.evaluate(OTHER_FORM)
        leave = page.get_by_role("button", name="Leave without saving")
        page.get_by_role("button", name="Show usage").click()
        expect(leave).to_be_visible()
        page.evaluate("document.forms.other.remove()")
        leave.click()
        expect(page.locator(".rg-toast-text")).to_contain_text("Nothing was sent")
        page.evaluate(OTHER_FORM)
        page.get_by_role("button", name="Show usage").click()
        expect(leave).to_be_visible()  # what was changed is still there, and asked about
        page.evaluate("document.forms.other.querySelector('button').remove()")
        leave.click()
        page.wait_for_url("**/orgs/acme/usage/**")
        assert tab.complaints == []


def test_exact_times_are_a_choice_that_this_browser_keeps(
    cast: Cast, live_server: LiveServer
) -> None:
    session = session_of(cast)
    with open_tab(base_url=live_server.url) as tab:
        page = tab.page
        carry(page, session, live_server)
        page.goto("/orgs/acme/members/")
        time = page.locator("#content time").first
        expect(time).to_have_text(re.compile("now|ago"))
        for words, shown in (
            ("Show exact times", re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d$")),
            ("Show relative times", re.compile("now|ago")),
        ):
            page.locator("summary", has_text=cast.owner.email).focus()
            page.keyboard.press("Enter")
            page.get_by_role("button", name=words).press("Enter")
            expect(time).to_have_text(shown)
            page.reload()
            expect(time).to_have_text(shown)
            assert all(shown.search(each) for each in page.evaluate(SWAPPED_TIMES))
