"""The console in a real browser, on the running platform."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import redis
from playwright.sync_api import Locator, Page, expect

from tests.browser import Tab, open_tab
from tests.e2e.conftest import Ready
from tests.platform import Platform

pytestmark = pytest.mark.e2e


@contextmanager
def console(platform: Platform, ready: Ready, *, dark: bool = False) -> Iterator[Tab]:
    """Sign in and open the console of the kit's instance."""
    with open_tab(platform.url, dark=dark) as tab:
        page = tab.page
        page.goto("/accounts/login/")
        page.get_by_label("Email").fill(ready.email)
        page.get_by_label("Password", exact=True).fill(ready.password)
        page.get_by_role("button", name="Log in", exact=True).click()
        page.wait_for_url("**/orgs/**")
        organization = page.url.split("/orgs/")[1].split("/")[0]
        page.goto(f"/orgs/{organization}/instances/{ready.instance_id}/console/")
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()
        yield tab
        assert tab.complaints == []


def line_of(page: Page) -> Locator:
    return page.locator(".rg-console-input")


def enter(page: Page, line: str) -> None:
    line_of(page).fill(line)
    line_of(page).press("Enter")


def replies(page: Page) -> Locator:
    return page.locator(".rg-console-reply")


def test_typing_history_completion_and_help(platform: Platform, ready: Ready) -> None:
    with console(platform, ready) as tab:
        page = tab.page
        expect(line_of(page)).to_be_focused()
        enter(page, 'SET console:a "\\x00é"')
        expect(replies(page).last).to_have_text("OK")
        enter(page, "GET console:a")
        expect(replies(page).last).to_have_text('"\\x00\\xc3\\xa9"')
        enter(page, "LPUSH console:a x")
        expect(page.locator(".is-error").last).to_contain_text("(error) WRONGTYPE")

        line_of(page).press("ArrowUp")
        line_of(page).press("ArrowUp")
        expect(line_of(page)).to_have_value("GET console:a")
        line_of(page).press("ArrowDown")
        line_of(page).press("ArrowDown")
        expect(line_of(page)).to_have_value("")

        line_of(page).press_sequentially("hgeta")
        line_of(page).press("Tab")
        expect(line_of(page)).to_have_value("HGETALL ")
        expect(page.locator("#console-hint")).to_contain_text("HGETALL key: Returns all fields")
        line_of(page).fill("client l")
        line_of(page).press("Tab")
        expect(line_of(page)).to_have_value("CLIENT LIST ")

        enter(page, "HELP APPEND")
        expect(replies(page).last).to_contain_text("complexity: O(1)")

        line_of(page).fill("set console")
        line_of(page).press("Control+r")
        expect(page.locator("#console-list li").first).to_have_text('SET console:a "\\x00é"')
        line_of(page).press("Enter")
        expect(line_of(page)).to_have_value('SET console:a "\\x00é"')

        line_of(page).press("Control+c")
        expect(line_of(page)).to_have_value("")
        line_of(page).press("Control+l")
        expect(replies(page)).to_have_count(0)
        page.reload()
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()
        line_of(page).press("ArrowUp")
        expect(line_of(page)).to_have_value("HELP APPEND")


def test_dangerous_command_asks_and_can_be_left(platform: Platform, ready: Ready) -> None:
    with console(platform, ready) as tab:
        page = tab.page
        enter(page, "SELECT 7")
        expect(replies(page).last).to_have_text("OK")
        enter(page, "MSET a 1 b 2")
        expect(replies(page)).to_have_count(2)
        enter(page, "FLUSHDB")
        asked = page.get_by_text("FLUSHDB will remove 2 keys of db 7 of quickstart.")
        expect(asked).to_be_visible()
        run = page.locator(".rg-console-question").get_by_role("button", name="Run")
        expect(run).to_be_disabled()
        page.get_by_label("to confirm").fill("quickstar")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert").get_by_text("That isn't the name.")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_text("Not run.")).to_be_visible()
        expect(line_of(page)).to_be_focused()

        enter(page, "FLUSHDB")
        page.get_by_label("to confirm").fill("quickstart")
        before = replies(page).count()
        run.click()
        expect(replies(page)).to_have_count(before + 1)
        expect(replies(page).last).to_have_text("OK")
        enter(page, "DBSIZE")
        expect(replies(page).last).to_have_text("(integer) 0")


def test_subscription_is_stopped_with_the_button_and_the_key(
    platform: Platform, ready: Ready
) -> None:
    with console(platform, ready) as tab:
        page = tab.page
        stop = page.locator("[data-stop]")
        enter(page, "SUBSCRIBE console:news")
        expect(replies(page).last).to_contain_text('"subscribe"')
        with redis.Redis.from_url(ready.redis_url, protocol=2) as client:
            client.publish("console:news", "hello")
        expect(replies(page).last).to_contain_text('"hello"')
        stop.click()
        expect(page.get_by_text("Stopped.")).to_be_visible()
        expect(stop).to_be_hidden()

        enter(page, "BLPOP console:none 0")
        expect(stop).to_be_visible()
        line_of(page).press("Control+c")
        expect(page.get_by_text("Stopped.")).to_have_count(2)
        enter(page, "PING")
        expect(replies(page).last).to_have_text("PONG")


def test_pasted_lines_run_in_order_up_to_the_first_error(platform: Platform, ready: Ready) -> None:
    lines = ["DEL console:p", "RPUSH console:p 1", "MULTI", "RPUSH console:p 2", "EXEC"]
    with console(platform, ready) as tab:
        page = tab.page
        paste(page, "\n".join([*lines, "NOPE", "RPUSH console:p 3"]))
        expect(page.get_by_text("1 pasted line was not run after the error.")).to_be_visible()
        enter(page, "LRANGE console:p 0 -1")
        expect(replies(page).last).to_have_text('1) "1"\n2) "2"')


def paste(page: Page, text: str) -> None:
    line_of(page).evaluate(
        """(input, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text", text);
            input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, cancelable: true }));
        }""",
        text,
    )


def test_long_reply_is_folded_and_copied_whole(platform: Platform, ready: Ready) -> None:
    with console(platform, ready, dark=True) as tab:
        page = tab.page
        enter(page, 'EVAL "local r={} for i=1,1500 do r[i]=i end return r" 0')
        expect(replies(page).last).to_contain_text(" 100) (integer) 100")
        expect(replies(page).last).not_to_contain_text(" 101)")
        page.get_by_role("button", name="Show 1,000 more of 1,400 lines").click()
        page.get_by_role("button", name="Show all").click()
        expect(replies(page).last).to_contain_text("1500) (integer) 1500")
        page.get_by_role("button", name="Copy the reply").last.click()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.count("\n") == 1499


def test_screen_is_there_again_after_another_page_and_gone_with_the_session(
    platform: Platform, ready: Ready
) -> None:
    with console(platform, ready) as tab:
        page = tab.page
        tabs = page.locator(".rg-tabs")
        enter(page, "ECHO 'kept for later'")
        expect(replies(page).last).to_have_text('"kept for later"')
        enter(page, "AUTH nobody hunter2")
        expect(page.locator("[data-secret] .rg-console-reply")).to_have_count(1)
        for _ in range(2):  # what is kept says once where it ends
            tabs.get_by_role("link", name="Metrics").click()
            expect(line_of(page)).to_have_count(0)
            tabs.get_by_role("link", name="Console").click()
            expect(replies(page)).to_have_text(['"kept for later"'])
            expect(page.get_by_text("Earlier in this tab")).to_have_count(1)
            expect(page.get_by_text("hunter2")).to_have_count(0)
        state = page.locator(".rg-console-state")
        expect(state).to_have_text("Connected")
        page.evaluate("document.documentElement.dataset.connection = 'offline'")
        expect(state).to_have_text("No connection")
        page.evaluate("delete document.documentElement.dataset.connection")
        expect(state).to_have_text("Connected")
        enter(page, "ECHO 'new'")
        expect(page.locator("[data-secret]")).to_have_count(0)
        expect(replies(page)).to_have_text(['"kept for later"', '"new"'])
        tabs.get_by_role("link", name="Metrics").click()
        expect(line_of(page)).to_have_count(0)
        page.evaluate("document.dispatchEvent(new CustomEvent('session-expired'))")
        tabs.get_by_role("link", name="Console").click()
        expect(page.locator(".rg-console-empty")).to_be_visible()
        expect(replies(page)).to_have_count(0)
