"""The palette and the shortcuts in a real browser, by keyboard alone."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import Client
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from orgs.models import Membership
from orgs.roles import Role
from tests.browser import Tab, open_tab
from tests.conftest import Cast
from tests.instances.rows import make_instance
from tests.quotas.rows import add_key, limit

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/orgs/acme/instances/"


@contextmanager
def visit(live_server: LiveServer, user: User, path: str) -> Iterator[Page]:
    """Open a page as somebody. There are no sockets here, which the console complains about."""
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    cookie = {
        "name": "sessionid",
        "value": client.cookies["sessionid"].value,
        "url": live_server.url,
    }
    with open_tab(live_server.url) as tab:
        tab.page.context.add_cookies([cookie])  # type: ignore[list-item]
        tab.page.goto(path)
        yield tab.page
        assert unexpected(tab) == []


def unexpected(tab: Tab) -> list[str]:
    known = ("WebSocket", "[object Event]", "ERR_FAILED")
    return [each for each in tab.complaints if not any(word in each for word in known)]


def open_palette(page: Page, words: str = "") -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search")).to_be_focused()
    page.keyboard.type(words)


def test_palette_leads_to_an_instance_and_remembers_it(cast: Cast, live_server: LiveServer) -> None:
    for name in ("Sessions", "Rate limits"):
        make_instance(cast.acme, name)
    with visit(live_server, cast.owner, "/orgs/acme/usage/") as page:
        open_palette(page, "ssns")
        chosen = page.get_by_role("option", selected=True)
        expect(chosen).to_contain_text("Sessions")
        expect(chosen.locator("mark")).to_have_text(["S", "s", "ns"])
        expect(page.get_by_role("combobox")).to_have_attribute(
            "aria-activedescendant", chosen.get_attribute("id") or ""
        )
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Sessions")

        open_palette(page)
        first = page.get_by_role("group", name="Used last").get_by_role("option")
        expect(first).to_contain_text(["Sessions"])
        expect(page.get_by_role("group", name="This instance")).to_contain_text("Stop Sessions")
        page.keyboard.press("End")
        expect(page.get_by_role("option").last).to_have_attribute("aria-selected", "true")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_role("option").first).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Escape")
        expect(page.locator("#palette")).to_be_hidden()


def test_palette_opens_another_tab_copies_and_says_what_it_does_not_find(
    cast: Cast, live_server: LiveServer
) -> None:
    instance = make_instance(cast.acme, "Sessions")
    with visit(live_server, cast.viewer, "/orgs/acme/") as page:
        open_palette(page, "members")
        expect(page.get_by_role("option", selected=True)).to_contain_text("Members")
        with page.context.expect_page() as opened:
            page.keyboard.press("Control+Enter")
        opened.value.wait_for_url("**/orgs/acme/members/")
        opened.value.close()
        expect(page.locator("#palette")).to_be_hidden()

        open_palette(page, "copy id sess")
        page.keyboard.press("Enter")
        expect(page.locator(".rg-toast-text").last).to_have_text("Copied: the id of Sessions.")
        assert page.evaluate("navigator.clipboard.readText()") == str(instance.pk)

        open_palette(page, "zzz")
        expect(page.get_by_text("Nothing fits “zzz”.")).to_be_visible()
        expect(page.locator("#palette [role=status]")).to_have_text("0 results")


def test_only_the_newest_answer_is_shown_and_a_failed_one_can_be_asked_again(
    cast: Cast, live_server: LiveServer
) -> None:
    for name in ("Early bird", "Late bird"):
        make_instance(cast.acme, name)
    held: list[Route] = []
    with visit(live_server, cast.owner, "/orgs/acme/usage/") as page:
        page.route("**/palette/?q=early", lambda route: held.append(route))
        with page.expect_request("**/palette/?q=early"):
            open_palette(page, "early")
        page.keyboard.press("Control+a")
        page.keyboard.type("late")
        expect(page.get_by_role("option", name="Late bird Running")).to_be_visible()
        nothing = json.dumps({"entries": []})
        with page.expect_response("**/palette/?q=early"):
            held[0].fulfill(body=nothing, content_type="application/json")
        expect(page.get_by_role("option", name="Late bird Running")).to_be_visible()

        page.route("**/palette/?q=bird", lambda route: route.abort())
        page.keyboard.press("Control+a")
        page.keyboard.type("bird")
        expect(page.get_by_text("The search did not answer")).to_be_visible()
        page.unroute("**/palette/?q=bird")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Try again")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("option", name="Early bird Running")).to_be_visible()
        expect(page.get_by_role("combobox")).to_be_focused()


def test_single_keys_walk_lists_and_sections_until_they_are_switched_off(
    cast: Cast, live_server: LiveServer
) -> None:
    limit(cast.acme, instances_limit=6)
    for name in ("Five", "Four", "One", "Six", "Three", "Two"):
        make_instance(cast.acme, name)
    add_key(cast.acme)
    with visit(live_server, cast.developer, "/orgs/acme/") as page:
        page.keyboard.press("g")
        page.keyboard.press("i")
        page.wait_for_url(f"**{LIST}")
        for key, name in (("j", "Five"), ("j", "Four"), ("ArrowDown", "One"), ("k", "Four")):
            page.keyboard.press(key)
            expect(page.get_by_role("link", name=name, exact=True)).to_be_focused()
        page.keyboard.press("x")
        expect(page.get_by_role("checkbox", name="Choose Four")).to_be_checked()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Four")

        page.keyboard.press("g")
        page.keyboard.press("k")
        page.wait_for_url("**/orgs/acme/api-keys/")
        page.keyboard.press("c")
        page.wait_for_url("**/orgs/acme/api-keys/new/")
        field = page.get_by_label("Name")
        field.focus()
        page.keyboard.type("g i c ? j")  # where one types, they are letters
        expect(field).to_have_value("g i c ? j")
        page.keyboard.press("Escape")

        page.goto(LIST)
        page.keyboard.press("/")
        expect(page.get_by_role("searchbox")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#content")).to_be_focused()
        page.keyboard.press("?")
        sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
        expect(sheet).to_be_visible()
        page.keyboard.press("Tab")
        expect(page.get_by_role("switch", name="Single-key shortcuts")).to_be_focused()
        page.keyboard.press("Space")
        page.keyboard.press("Escape")
        expect(sheet).to_be_hidden()
        page.keyboard.press("?")
        page.keyboard.press("Control+k")
        expect(page.get_by_role("combobox", name="Search")).to_be_focused()
        expect(sheet).to_be_hidden()


def test_shortcut_and_replaced_link_lead_out_of_a_changed_page_in_the_same_document(
    cast: Cast, live_server: LiveServer
) -> None:
    with visit(live_server, cast.owner, "/orgs/acme/settings/") as page:
        page.evaluate("document.documentElement.dataset.sameDocument = 'yes'")
        leave = page.get_by_role("button", name="Leave without saving")
        sections = page.get_by_role("navigation", name="Organization")
        page.get_by_label("Name", exact=True).fill("Acme and sons")
        page.get_by_role("heading", level=1).click()
        page.keyboard.press("c")
        leave.click()
        page.wait_for_url("**/orgs/acme/instances/new/")
        sections.get_by_role("link", name="Settings").click()
        expect(page.get_by_role("heading", level=1, name="Settings")).to_be_visible()
        page.get_by_label("Name", exact=True).fill("Acme and sons")
        members = sections.get_by_role("link", name="Members")
        members.click()
        expect(leave).to_be_visible()
        page.locator(".rg-nav a[href$='/members/']").evaluate(
            "old => old.replaceWith(old.cloneNode(true))"
        )
        leave.click()
        page.wait_for_url("**/orgs/acme/members/")
        expect(page.locator("html")).to_have_attribute("data-same-document", "yes")


def test_what_is_sent_again_is_the_action_that_the_toast_names(
    cast: Cast, live_server: LiveServer
) -> None:
    first = make_instance(cast.acme, "Aurora")
    make_instance(cast.acme, "Borealis")
    with visit(live_server, cast.owner, "/orgs/acme/usage/") as page:
        page.route("**/stop/", lambda route: route.abort())
        for name in ("Aurora", "Borealis"):
            open_palette(page, f"stop {name}")
            expect(page.get_by_role("option", selected=True)).to_contain_text(f"Stop {name}")
            page.keyboard.press("Enter")
            expect(page.get_by_role("option", name="Cancel")).to_be_visible()
            with page.expect_event("requestfailed"):
                page.keyboard.press("Enter")
            toast = page.locator(".rg-toast").filter(has_text=name)
            expect(toast).to_contain_text("No answer came")
        toast = page.locator(".rg-toast").filter(has_text="Aurora")
        with page.expect_request("**/stop/") as again:
            toast.get_by_role("button", name="Try again").click()
        assert f"/{first.pk}/" in again.value.url or f"/{first.slug}/" in again.value.url


def test_another_organization_has_no_entries_of_the_one_before(
    cast: Cast, live_server: LiveServer
) -> None:
    Membership.objects.create(organization=cast.globex, user=cast.owner, role=Role.OWNER)
    with visit(live_server, cast.owner, "/orgs/acme/usage/") as page:
        open_palette(page)
        expect(page.get_by_role("option", name="Members").first).to_be_visible()
        page.keyboard.press("Escape")
        page.evaluate("redisgate.visit('/orgs/globex/usage/')")
        page.wait_for_url("**/orgs/globex/usage/")
        page.route("**/orgs/globex/palette/**", lambda route: route.abort())
        with page.expect_event("requestfailed"):
            page.keyboard.press("c")
        open_palette(page)
        expect(page.get_by_text("The search did not answer")).to_be_visible()
        expect(page.get_by_role("option")).to_have_count(0)
        page.wait_for_url("**/orgs/globex/usage/")
