"""The shell in a real browser: what script adds, and what stays without it."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Route, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer
from websockets.sync.server import Server, ServerConnection, serve

from tests.browser import open_tab
from tests.conftest import PASSWORD
from tests.front import specimen


@pytest.fixture
def url(settings: Settings, live_server: LiveServer) -> str:
    settings.ROOT_URLCONF = "tests.front.specimen"
    return f"{live_server.url}/specimen"


class Push:
    """A WebSocket server that pushes a greeting to whoever connects, and more when told."""

    def __init__(self) -> None:
        self.connections: list[ServerConnection] = []
        self.server: Server = serve(self._greet, "127.0.0.1", 0)
        self.url = f"ws://127.0.0.1:{self.server.socket.getsockname()[1]}/"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def _greet(self, connection: ServerConnection) -> None:
        self.connections.append(connection)
        connection.send('<p id="pushed">after</p>')
        for _ in connection:
            pass

    def send(self, fragment: str) -> None:
        for connection in self.connections:
            connection.send(fragment)

    def close(self) -> None:
        self.server.shutdown()
        for connection in self.connections:
            connection.close(code=1012)
        self.thread.join()


@pytest.fixture
def push() -> Iterator[Push]:
    server = Push()
    yield server
    server.close()


def test_pages_break_no_policy_and_raise_no_error(url: str) -> None:
    root = url.removesuffix("/specimen")
    with open_tab() as tab:
        for page in (url, f"{root}/", f"{root}/accounts/login/", f"{root}/accounts/signup/"):
            tab.page.goto(page)
            tab.page.wait_for_load_state("networkidle")
        assert tab.complaints == []


def test_toast_shows_the_words_of_a_response_as_text(url: str) -> None:
    with open_tab() as tab:
        tab.page.goto(url)
        tab.page.click("#announce")
        toast = tab.page.locator(".rg-toast[data-level=success]")
        expect(toast).to_contain_text("<b>Done</b>")
        toast.get_by_label("Close").click()
        expect(toast).to_have_count(0)


@pytest.mark.parametrize("button", ["#expired", "#redirected"])
def test_expired_session_leads_to_log_in_and_back(url: str, button: str) -> None:
    with open_tab() as tab:
        tab.page.goto(url)
        tab.page.click(button)
        tab.page.wait_for_url("**/accounts/login/?next=%2Fspecimen")
        words = "Your session has expired. Please log in again."
        expect(tab.page.locator(".rg-toast")).to_contain_text(words)


def test_expired_session_takes_nothing_away_that_somebody_writes(url: str) -> None:
    with open_tab() as tab:
        page = tab.page
        page.goto(url)
        page.locator("#note").fill("half a sentence")
        page.click("#expired")
        page.locator(".rg-toast").get_by_role("link", name="Log in").click()
        page.wait_for_url("**/accounts/login/?next=%2Fspecimen")
        page.goto(url)
        expect(page.locator("#note")).to_have_value("half a sentence")
        expect(page.locator("#token")).to_have_value("rg_abc")


def test_dialog_waits_while_somebody_logs_in_in_another_tab(url: str) -> None:
    with open_tab() as tab:
        page = tab.page
        page.goto(url)
        page.get_by_role("button", name="Delete", exact=True).click()
        page.evaluate("htmx.trigger('#expired', 'click')")
        with page.expect_popup() as other:
            page.locator("#sure .rg-toast").get_by_role("link", name="Log in").click()
        other.value.close()
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(page.get_by_text("Your session has expired.")).to_have_count(0)
        expect(page.get_by_label("Type cache-1 to confirm")).to_be_visible()


def test_failure_of_the_server_is_told_in_words(url: str) -> None:
    with open_tab() as tab:
        tab.page.goto(url)
        with tab.page.expect_response("**/specimen/answer/500") as answer:
            tab.page.click("#broken")
        toast = tab.page.locator(".rg-toast")
        expect(toast).to_contain_text("Something went wrong on our side.")
        expect(toast).to_contain_text(answer.value.headers["x-request-id"])
        with tab.page.expect_response("**/specimen/answer/500"):
            toast.get_by_role("button", name="Try again").click()


def test_each_action_that_failed_is_named_and_tried_again_by_itself(url: str) -> None:
    with open_tab() as tab:
        page = tab.page
        page.goto(url)
        page.route("**/specimen/a*", lambda route: route.abort())
        page.route("**/specimen/answer/500", lambda route: route.abort())
        toasts = page.locator(".rg-toast[data-level=error]")
        for button in ("#announce", "#broken", "#announce"):
            with page.expect_event("requestfailed"):
                page.click(button)
        expect(toasts).to_have_count(2)
        page.unroute_all()
        named = page.locator("#broken").inner_text()
        toast = toasts.filter(has=page.get_by_text(named, exact=True))
        with page.expect_response("**/specimen/answer/500"):
            toast.get_by_role("button", name="Try again").click()


def test_page_says_that_it_is_cut_off_and_when_it_is_back(url: str) -> None:
    with open_tab() as tab:
        page = tab.page
        page.goto(url)
        page.evaluate("polls = 0; document.body.addEventListener('poll', () => polls++)")
        page.context.set_offline(True)
        banner = page.locator("#connection")
        expect(banner).to_contain_text("You are offline.")
        page.click("#announce")
        toast = page.locator(".rg-toast[data-level=error]")
        expect(toast).to_contain_text("No answer came.")
        expect(toast.get_by_role("button", name="Try again")).to_be_visible()
        page.context.set_offline(False)
        expect(banner).to_be_hidden()
        expect(toast).to_have_count(0)
        assert page.evaluate("polls") == 1
        page.evaluate("document.dispatchEvent(new Event('session-expired'))")
        page.context.set_offline(True)
        expect(banner).to_be_visible()
        page.context.set_offline(False)
        expect(banner).to_be_hidden()
        assert page.evaluate("polls") == 1, "it would ask as whoever is logged in by now"


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ("#announce", "Done"),
        ("#broken", "Something went wrong on our side."),
        ("#redirected", "Your session has expired."),
    ],
)
def test_answer_is_told_though_what_asked_for_it_is_gone(url: str, button: str, words: str) -> None:
    held: list[Route] = []
    with open_tab() as tab:
        tab.page.goto(url)
        tab.page.route(lambda asked: "/specimen/" in asked, lambda route: held.append(route))
        with tab.page.expect_request("**/specimen/**"):
            tab.page.click(button)
        tab.page.locator(button).evaluate("button => button.remove()")
        held[0].continue_()
        expect(tab.page.locator(".rg-toast")).to_contain_text(words)


def test_answer_goes_where_its_place_is_by_then(url: str) -> None:
    specimen.release.clear()
    with open_tab() as tab:
        tab.page.goto(url)
        tab.page.locator("#slow button").click()
        tab.page.locator("#pushed").evaluate("place => place.replaceWith(place.cloneNode(true))")
        specimen.release.set()
        expect(tab.page.locator("#pushed")).to_have_text("ready")


def test_button_is_disabled_and_spins_while_it_works(url: str) -> None:
    specimen.release.clear()
    with open_tab() as tab:
        tab.page.goto(url)
        button = tab.page.locator("#slow button")
        button.click()
        expect(button).to_be_disabled()
        expect(button).to_have_text("Saving…", use_inner_text=True)
        specimen.release.set()
        expect(tab.page.locator("#pushed")).to_have_text("ready")
        expect(button).to_be_enabled()


def test_dangerous_dialog_waits_for_the_typed_name(url: str) -> None:
    with open_tab() as tab:
        tab.page.goto(url)
        tab.page.get_by_role("button", name="Delete", exact=True).click()
        delete = tab.page.get_by_role("button", name="Delete it")
        name = tab.page.get_by_label("Type cache-1 to confirm")
        expect(name).to_be_focused()
        expect(delete).to_be_disabled()
        name.fill("cache-")
        expect(delete).to_be_disabled()
        name.fill("cache-1")
        expect(delete).to_be_enabled()
        tab.page.keyboard.press("Escape")
        expect(tab.page.locator("#sure")).to_be_hidden()


def test_secret_is_hidden_until_asked_and_can_be_copied(url: str) -> None:
    with open_tab() as tab:
        tab.page.goto(url)
        expect(tab.page.locator("#token")).to_have_attribute("type", "password")
        tab.page.get_by_label("Copy Token").click()
        expect(tab.page.get_by_text("Copied")).to_have_count(1)
        assert tab.page.evaluate("navigator.clipboard.readText()") == "rg_abc"
        tab.page.get_by_label("Show").click()
        expect(tab.page.locator("#token")).to_have_attribute("type", "text")


def test_code_tabs_are_walked_by_keyboard_and_copied(url: str) -> None:
    with open_tab() as tab:
        tab.page.goto(url)
        expect(tab.page.get_by_text("import os")).to_be_hidden()
        tab.page.get_by_role("tab", name="cURL").focus()
        tab.page.keyboard.press("ArrowRight")
        expect(tab.page.get_by_text("import os")).to_be_visible()
        tab.page.get_by_label("Copy the code").click()
        expect(tab.page.get_by_text("Copied")).to_have_count(1)
        assert tab.page.evaluate("navigator.clipboard.readText()") == "import os"


def test_front_page_has_tabs_and_copies_without_the_rest(url: str) -> None:
    with open_tab() as tab:
        tab.page.goto(url.removesuffix("specimen"))
        tab.page.get_by_role("tab").nth(1).click()
        code = tab.page.locator('[role="tabpanel"]:visible code')
        expect(code).to_have_count(1)
        tab.page.get_by_label("Copy the code").click()
        expect(tab.page.get_by_text("Copied")).to_have_count(1)
        assert tab.page.evaluate("navigator.clipboard.readText()") == code.text_content()


def test_theme_follows_the_system_until_one_is_chosen(url: str) -> None:
    with open_tab(dark=True) as tab:
        tab.page.goto(url)
        root = tab.page.locator("html")
        expect(root).to_have_attribute("data-bs-theme", "dark")
        tab.page.locator(".rg-menu-up summary").click()
        tab.page.get_by_role("button", name="Light").click()
        expect(root).to_have_attribute("data-bs-theme", "light")
        tab.page.reload()
        expect(root).to_have_attribute("data-bs-theme", "light")


def test_page_polls_only_while_its_socket_is_closed(url: str, push: Push) -> None:
    with open_tab() as tab:
        tab.page.goto(f"{url}?socket={push.url}")
        expect(tab.page.locator("html")).to_have_attribute("data-live", "open")
        expect(tab.page.locator("#pushed")).to_have_text("after")
        expect(tab.page.locator("#polled")).to_have_text("0")
        push.close()
        expect(tab.page.locator("html")).to_have_attribute("data-live", "closed")
        expect(tab.page.locator("#polled")).not_to_have_text("0")


def test_pushed_row_keeps_its_open_menu_and_the_focus(url: str, push: Push) -> None:
    row = specimen.templates().get_template("specimen_row.html").render({"status": "running"})
    with open_tab() as tab:
        tab.page.goto(f"{url}?socket={push.url}")
        expect(tab.page.locator("#pushed")).to_have_text("after")
        tab.page.locator("#row summary").click()
        push.send(row)
        expect(tab.page.locator("#row b")).to_have_text("running")
        expect(tab.page.locator("#row details")).to_have_attribute("open", "")
        expect(tab.page.locator("#row-more")).to_be_focused()
        push.send('<div id="row">ended</div>')
        expect(tab.page.locator("#row")).to_be_focused()


def test_chosen_menu_item_closes_its_menu_and_the_dialog_gives_the_focus_back(url: str) -> None:
    with open_tab() as tab:
        tab.page.goto(url)
        tab.page.locator("#row summary").click()
        tab.page.get_by_role("button", name="Delete row").click()
        expect(tab.page.locator("#sure")).to_be_visible()
        tab.page.keyboard.press("Escape")
        expect(tab.page.locator("#sure")).to_be_hidden()
        expect(tab.page.locator("#row details")).not_to_have_attribute("open", "")
        expect(tab.page.locator("#row-more")).to_be_focused()


def test_person_signs_up_without_script(url: str) -> None:
    root = url.removesuffix("/specimen")
    with open_tab(script=False) as tab:
        tab.page.goto(f"{root}/accounts/signup/")
        tab.page.fill("#id_email", "ada@example.com")
        tab.page.fill("#id_username", "ada")
        tab.page.fill("#id_password1", PASSWORD)
        tab.page.click("button[type=submit]")
        expect(tab.page.get_by_text("Welcome, ada.")).to_be_visible()
        tab.page.goto(url)
        expect(tab.page.get_by_text("import os")).to_be_visible()
        expect(tab.page.get_by_label("Type cache-1 to confirm")).to_be_visible()
        tab.page.locator(".rg-menu-up summary").click()
        tab.page.get_by_role("button", name="Log out").click()
        expect(tab.page.get_by_text("You are logged out.")).to_be_visible()
