"""The first connection to an instance, as its page and the management API tell of it."""

import re
import subprocess

import pytest
from playwright.sync_api import Page, expect

from tests.browser import open_tab
from tests.run.test_live_in_browser import Person, expect_live, person, visit
from tests.waiting import wait_until

__all__ = ["person"]  # a fixture
pytestmark = pytest.mark.e2e


def redis_url(person: Person) -> str:
    url: str = person.api.get(f"/{person.instance_id}").json()["redis_url"]
    return url


def cli(url: str, *words: str) -> None:
    subprocess.run(["redis-cli", "--no-auth-warning", "-u", url, *words], timeout=60, check=False)


def expect_listening(page: Page) -> None:
    expect(page.locator("#witness")).to_have_attribute("data-phase", "watching")
    expect(page.get_by_text("Listening.")).to_be_visible()


def test_new_instance_listens_by_itself_and_tells_what_went_wrong_first(person: Person) -> None:
    url = redis_url(person)
    with open_tab(person.platform.url) as tab:
        page = tab.page
        visit(page, person)
        expect_listening(page)
        cli(re.sub(r":[^:@/]+@", ":not-it@", url), "PING")
        expect(page.get_by_text("tried the user default with a wrong password")).to_be_visible()
        expect(page.get_by_text("Copy the Redis URL of this page again")).to_be_visible()
        cli(url, "SET", "hello", "world")
        expect(page.get_by_text("Connected from 127.0.0.1")).to_be_visible()
        expect(page.get_by_text("Last command: SET.")).to_be_visible()
        assert tab.complaints == []


def test_page_without_a_socket_listens_too(person: Person) -> None:
    url = redis_url(person)
    with open_tab(person.platform.url) as tab:
        page = tab.page
        page.route_web_socket(re.compile("/ws/"), lambda socket: socket.close(code=1008))
        visit(page, person)
        expect_live(page, "closed")
        page.get_by_role("button", name="Watch for my first connection").click()
        expect_listening(page)
        cli(re.sub(r":[^:@/]+@", ":not-it@", url), "PING")
        expect(page.get_by_text("tried the user default with a wrong password")).to_be_visible()
        with subprocess.Popen(
            ["redis-cli", "--no-auth-warning", "-u", url],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
        ) as stays:
            assert stays.stdin is not None
            stays.stdin.write(b"PING\n")
            stays.stdin.flush()
            expect(page.get_by_text("Connected from 127.0.0.1")).to_be_visible()
            stays.stdin.close()


def test_page_without_script_says_who_is_connected(person: Person) -> None:
    cli(redis_url(person).replace("default:", "nobody:"), "PING")
    with open_tab(person.platform.url, script=False) as tab:
        visit(tab.page, person)
        tab.page.get_by_role("button", name="Watch for my first connection").click()
        expect(tab.page.get_by_role("heading", name="Who is connected")).to_be_visible()
        tab.page.goto(f"{person.page_url}connections/?began=1")
        expect(tab.page.get_by_text("whom this server doesn't know")).to_be_visible()


def test_api_tests_the_connection_and_lists_who_was_refused(person: Person) -> None:
    result = person.api.post(f"/{person.instance_id}/test-connection").json()
    assert result["ok"] is True
    assert [step["name"] for step in result["steps"]] == ["Connect", "Authenticate", "PING"]
    cli(redis_url(person).replace("default:", "nobody:"), "PING")
    seen = person.api.get(f"/{person.instance_id}/connections").json()
    assert seen["connections"] == []
    assert [(each["user"], each["reason"]) for each in seen["refusals"]] == [("nobody", "auth")]
    person.act("stop")
    wait_until(lambda: person.api.get(f"/{person.instance_id}").json()["status"] == "stopped")
    result = person.api.post(f"/{person.instance_id}/test-connection").json()
    assert result["ok"] is False
    assert "Nothing listens" in result["problem"]
    assert "Start the instance" in result["advice"]
    refused = person.api.get(f"/{person.instance_id}/connections")
    assert (refused.status_code, refused.json()["code"]) == (409, "instance_not_running")
