"""Going from page to page: the document stays, and nothing of the page before does."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import Client
from playwright.sync_api import Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from instances.states import Status
from tests.browser import Tab, open_tab
from tests.conftest import PASSWORD, Cast
from tests.rows import add_instance

pytestmark = pytest.mark.django_db(transaction=True)

MARK = "document.documentElement.dataset.sameDocument = 'yes'"


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies["sessionid"].value


def use_session(page: Page, live_server: LiveServer, session: str) -> None:
    cookie = {"name": "sessionid", "value": session, "url": live_server.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]


@contextmanager
def signed_in(live_server: LiveServer, user: User) -> Iterator[Tab]:
    session = session_of(user)
    with open_tab(base_url=live_server.url) as tab:
        use_session(tab.page, live_server, session)
        yield tab


LISTEN = """
    channel = new BroadcastChannel("redisgate.whose");
    channel.addEventListener("message", ({ data }) => (document.body.dataset.heard = data));
"""
SAY_THRICE = """owner => {
    const channel = new BroadcastChannel("redisgate.whose");
    for (let times = 0; times < 3; times++) channel.postMessage(owner);
}"""
NO_CHANNEL = """
    window.BroadcastChannel = class {
        constructor() { throw new DOMException("Access is denied.", "SecurityError"); }
    };
"""


def page_that_says(words: str) -> str:
    text = f'<span class="rg-toast-text">{words}</span>'
    return f'<div id="toasts"><p class="rg-toast" data-level="warning">{text}</p></div>'


def expect_same_document(page: Page) -> None:
    expect(page.locator("html")).to_have_attribute("data-same-document", "yes")


def test_links_keep_the_document_and_bring_title_section_and_focus(
    live_server: LiveServer, cast: Cast
) -> None:
    add_instance(cast.acme, "shop", status=Status.RUNNING)
    with signed_in(live_server, cast.owner) as tab:
        page = tab.page
        page.goto("/orgs/acme/members/")
        page.evaluate(MARK)
        sections = page.get_by_role("navigation", name="Organization")
        for name, path in (("Audit log", "audit"), ("Instances", "instances"), ("Usage", "usage")):
            sections.get_by_role("link", name=name).click()
            page.wait_for_url(f"**/orgs/acme/{path}/")
            expect(page.get_by_role("heading", level=1)).to_be_focused()
            expect(sections.locator("[aria-current=page]")).to_have_text(name)
            expect(page.locator("#announcer")).to_contain_text("RedisGate")
        page.go_back()
        page.wait_for_url("**/orgs/acme/instances/")
        page.get_by_role("link", name="shop").first.click()
        page.get_by_role("link", name="Metrics").click()
        expect(page.locator("#figures")).to_have_attribute("data-state", "shown")
        page.get_by_role("link", name="Console").click()
        expect(page.locator(".rg-console-input")).to_be_focused()
        page.go_back()
        expect(page.locator("#figures")).to_have_attribute("data-state", "shown")
        expect_same_document(page)


def test_form_that_meets_an_ended_session_is_there_again_after_log_in(
    live_server: LiveServer, cast: Cast
) -> None:
    with signed_in(live_server, cast.owner) as tab:
        page = tab.page
        page.goto("/orgs/acme/settings/")
        page.get_by_label("Description").fill("Shops and their carts")
        page.context.clear_cookies(name="sessionid")
        page.get_by_role("button", name="Save").click()
        page.locator(".rg-toast").get_by_role("link", name="Log in").click()
        expect(page.get_by_text("Your session has expired. Please log in again.")).to_be_visible()
        page.get_by_label("Email").fill("olivia@example.com")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Log in", exact=True).click()
        page.wait_for_url("**/orgs/acme/settings/")
        expect(page.get_by_label("Description")).to_have_value("Shops and their carts")
        page.evaluate(MARK)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", level=1)).to_be_focused()  # as no document begins
        expect_same_document(page)


def test_what_was_typed_is_kept_without_secrets_and_for_nobody_else(
    live_server: LiveServer, cast: Cast
) -> None:
    other = session_of(cast.admin)
    draft = "sessionStorage.getItem('redisgate.draft')"
    with signed_in(live_server, cast.owner) as tab:
        page = tab.page
        page.goto("/orgs/acme/instances/adopt/")
        page.get_by_label("Address").fill("redis://app:hush@127.0.0.1:6379")
        page.locator("[name=server_name]").evaluate("field => (field.value = 'db.example.com')")
        page.context.clear_cookies(name="sessionid")
        page.evaluate("redisgate.sessionExpired()")
        page.locator(".rg-toast").get_by_role("link", name="Log in").click()
        page.wait_for_url("**/accounts/login/**")
        kept = page.evaluate(draft)
        assert "db.example.com" in kept
        assert "hush" not in kept
        use_session(page, live_server, other)
        page.goto("/orgs/acme/members/")
        assert page.evaluate(draft) is None


def test_other_tabs_are_told_of_a_log_out_and_stay_for_whoever_comes_back(
    live_server: LiveServer, cast: Cast
) -> None:
    again, other = session_of(cast.owner), session_of(cast.admin)
    with signed_in(live_server, cast.owner) as tab:
        page, elsewhere = tab.page, tab.page.context.new_page()
        page.goto("/orgs/acme/settings/")
        page.get_by_label("Description").fill("Half a sentence")
        elsewhere.goto("/orgs/acme/usage/")
        elsewhere.locator("summary", has_text=cast.owner.email).click()
        elsewhere.get_by_role("button", name="Log out").click()
        elsewhere.wait_for_url("**/")
        banner = page.locator("#whose")
        expect(banner).to_contain_text("You are logged out in this browser.")
        expect(page.get_by_label("Description")).to_have_value("Half a sentence")
        use_session(page, live_server, other)
        page.context.clear_cookies(name="csrftoken")  # logging in makes a new one
        elsewhere.goto("/orgs/acme/usage/")
        expect(banner).to_contain_text("Somebody else is logged in")
        for button in ("Save", "Try again"):
            page.get_by_role("button", name=button).click()
            expect(page.locator(".rg-toast[data-level=error]")).to_contain_text(
                {"Save": "its forms have expired", "Try again": "Nothing was sent"}[button]
            )
        use_session(page, live_server, again)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        elsewhere.evaluate(SAY_THRICE, page.locator("[data-frame]").get_attribute("data-frame"))
        expect(banner).to_be_hidden()
        assert [url for url in asked if url.endswith("/settings/")] == [page.url]
        expect(page.get_by_label("Description")).to_have_value("Half a sentence")
        elsewhere.context.clear_cookies(name="sessionid")
        elsewhere.goto("/accounts/login/")
        banner.get_by_role("button", name="Log in again").click()
        page.wait_for_url("**/accounts/login/?next=%2Forgs%2Facme%2Fsettings%2F")


def test_log_out_that_is_called_off_tells_the_other_tabs_nothing(
    live_server: LiveServer, cast: Cast
) -> None:
    with signed_in(live_server, cast.owner) as tab:
        page, elsewhere = tab.page, tab.page.context.new_page()
        page.goto("/orgs/acme/usage/")
        page.evaluate(MARK)
        elsewhere.goto("/orgs/acme/settings/")
        page.evaluate(LISTEN)
        elsewhere.get_by_label("Description").fill("Half a sentence")
        elsewhere.locator("summary", has_text=cast.owner.email).click()
        with elsewhere.expect_event("dialog") as question:
            elsewhere.once("dialog", lambda dialog: dialog.dismiss())
            elsewhere.get_by_role("button", name="Log out").click()
        assert question.value.type == "beforeunload"
        expect(page.locator("body")).to_have_attribute("data-heard", "leaving")
        banner = page.locator("#whose")
        expect(banner).to_be_hidden()
        page.evaluate("redisgate.sessionClosed()")  # it was done after all
        expect(banner).to_contain_text("You are logged out in this browser.")
        sections = page.get_by_role("navigation", name="Organization")
        sections.get_by_role("link", name="Members").click()
        page.wait_for_url("**/orgs/acme/members/")
        expect(banner).to_be_hidden()
        expect_same_document(page)


def test_page_of_somebody_else_gets_a_document_of_its_own(
    live_server: LiveServer, cast: Cast
) -> None:
    other = session_of(cast.admin)
    with signed_in(live_server, cast.owner) as tab:
        page = tab.page
        page.add_init_script(NO_CHANNEL)
        page.goto("/orgs/acme/members/")
        page.evaluate(MARK)
        owner = page.locator("[data-frame]").get_attribute("data-frame")
        use_session(page, live_server, other)
        page.get_by_role("navigation", name="Organization").get_by_role(
            "link", name="Usage"
        ).click()
        page.wait_for_url("**/orgs/acme/usage/")
        expect(page.locator("[data-frame]")).not_to_have_attribute("data-frame", owner or "")
        expect(page.locator("html")).not_to_have_attribute("data-same-document", "yes")
        assert tab.complaints == []


def test_late_answer_to_a_form_is_told_on_the_page_that_was_chosen_meanwhile(
    live_server: LiveServer, cast: Cast
) -> None:
    held: list[Route] = []
    with signed_in(live_server, cast.owner) as tab:
        page = tab.page
        page.goto("/orgs/acme/settings/")
        page.evaluate(MARK)
        page.route(
            "**/orgs/acme/settings/**",
            lambda route: (
                held.append(route) if route.request.method == "POST" else route.continue_()
            ),
        )
        with page.expect_request(lambda asked: asked.method == "POST"):
            page.get_by_role("button", name="Save").click()
        sections = page.get_by_role("navigation", name="Organization")
        sections.get_by_role("link", name="Usage").click()
        page.wait_for_url("**/orgs/acme/usage/")
        held[0].fulfill(body=page_that_says("Almost full."), content_type="text/html")
        expect(page.locator(".rg-toast-text").first).to_have_text("Almost full.")
        page.wait_for_url("**/orgs/acme/usage/")
        expect_same_document(page)


def test_words_of_a_page_that_was_pressed_and_not_opened_are_told(
    live_server: LiveServer, cast: Cast
) -> None:
    with signed_in(live_server, cast.owner) as tab:
        page = tab.page
        page.goto("/orgs/acme/usage/")
        page.route(
            "**/orgs/acme/audit/",
            lambda route: route.fulfill(
                body=page_that_says("Said once."), content_type="text/html"
            ),
        )
        sections = page.get_by_role("navigation", name="Organization")
        sections.get_by_role("link", name="Audit log").hover()
        with page.expect_response("**/orgs/acme/audit/"):
            page.mouse.down()
        page.get_by_role("heading", level=1).hover()
        page.mouse.up()
        expect(page.locator(".rg-toast-text").first).to_have_text("Said once.")
        page.wait_for_url("**/orgs/acme/usage/")
