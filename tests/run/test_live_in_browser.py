"""Open pages of the running platform in a real browser: through sleep, restarts and endings."""

import os
import re
import secrets
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.cookies import SimpleCookie

import httpx
import pytest
from playwright.sync_api import Page, WebSocket, WebSocketRoute, expect

from tests.browser import open_tab
from tests.platform import Platform, fact_of, processes_of
from tests.run.test_live_updates import cookies_of
from tests.waiting import in_time, wait_until

pytestmark = pytest.mark.e2e

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Person:
    """Somebody of their own for one test, with an organization and an instance."""

    platform: Platform
    api: httpx.Client
    email: str
    session: str
    instance_id: str
    page_url: str

    def act(self, action: str) -> None:
        assert self.api.post(f"/{self.instance_id}/{action}").status_code == 202

    def sql(self, statement: str, *values: str) -> None:
        """Change the platform's database behind its back."""
        database = self.platform.data_dir / "redisgate.sqlite3"
        with closing(sqlite3.connect(database, timeout=20)) as link, link:
            link.execute(statement, values)


@pytest.fixture
def person(platform: Platform) -> Iterator[Person]:
    name = f"p{secrets.token_hex(4)}"
    who = {"email": f"{name}@example.com", "password": PASSWORD}
    with httpx.Client(base_url=platform.url, timeout=60) as api:
        assert api.post("/auth/register", json={**who, "username": name}).status_code == 201
        token = api.post("/auth/login", json=who).json()["access"]
        api.headers["Authorization"] = f"Bearer {token}"
        organization = api.get("/api/organizations").json()["results"][0]
        api.base_url = f"{platform.url}/api/organizations/{organization['id']}/instances"
        wish = {"name": "cache", "purpose": "cache", "memory_mb": 8}
        instance_id = api.post("", json=wish).json()["id"]
        session = SimpleCookie(cookies_of(platform, who["email"], PASSWORD))["sessionid"].value
        url = f"/orgs/{organization['slug']}/instances/{instance_id}/"
        person = Person(platform, api, who["email"], session, instance_id, url)
        wait_until(lambda: api.get(f"/{instance_id}").json()["status"] == "running")
        yield person
        api.delete(f"/{instance_id}")


def visit(page: Page, person: Person) -> list[WebSocket]:
    """Open the instance's page; give the sockets that it opens."""
    sockets: list[WebSocket] = []
    page.on("websocket", lambda socket: sockets.append(socket))
    cookie = {"name": "sessionid", "value": person.session, "url": person.platform.url}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    page.goto(person.page_url)
    return sockets


def expect_status(page: Page, word: str, *, seconds: float = 4) -> None:
    began_at = time.monotonic()
    expect(page.locator("#instance-live .rg-status").first).to_have_text(word)
    assert in_time(began_at, seconds)


def expect_live(page: Page, state: str) -> None:
    expect(page.locator("html")).to_have_attribute("data-live", state)


def test_change_is_seen_over_one_socket(person: Person) -> None:
    with open_tab(person.platform.url) as tab:
        sockets = visit(tab.page, person)
        expect_live(tab.page, "open")
        person.act("stop")
        expect_status(tab.page, "Stopped")
        assert len(sockets) == 1
        assert tab.complaints == []


def test_page_whose_sockets_are_blocked_asks_instead(person: Person) -> None:
    with open_tab(person.platform.url) as tab:
        tab.page.route_web_socket(re.compile("/ws/"), lambda socket: socket.close(code=1008))
        visit(tab.page, person)
        expect_live(tab.page, "closed")
        person.act("stop")
        expect_status(tab.page, "Stopped")
        expect(tab.page.locator("[data-live-text]")).to_be_visible()


def test_page_comes_back_when_the_web_is_restarted(person: Person) -> None:
    with open_tab(person.platform.url) as tab:
        sockets = visit(tab.page, person)
        expect_live(tab.page, "open")
        for pid in web_processes(person.platform):
            os.kill(pid, signal.SIGKILL)
        expect_live(tab.page, "closed")
        wait_until(person.platform.is_ready)
        person.act("stop")
        expect_status(tab.page, "Stopped", seconds=10)
        expect_live(tab.page, "open")
        assert len(sockets) > 1


def web_processes(platform: Platform) -> list[int]:
    return [
        pid
        for pid in processes_of(platform.data_dir)
        if b"manage.py\0web" in fact_of(pid, "cmdline")
    ]


def test_ended_membership_is_said_and_takes_the_page_away(person: Person) -> None:
    with open_tab(person.platform.url) as tab:
        visit(tab.page, person)
        expect_live(tab.page, "open")
        person.sql(
            "DELETE FROM orgs_membership WHERE organization_id ="
            " (SELECT organization_id FROM instances_instance WHERE id = ?)",
            person.instance_id.replace("-", ""),
        )
        began_at = time.monotonic()
        expect(tab.page.get_by_text("you are not a member (any more)")).to_be_visible()
        assert in_time(began_at, 1.5)  # drawn anew, so that nothing of it stays
        expect(tab.page.get_by_role("heading", name="cache")).to_have_count(0)


def test_ended_session_is_said_and_signing_in_leads_back(person: Person) -> None:
    with open_tab(person.platform.url) as tab:
        page = tab.page
        visit(page, person)
        expect_live(page, "open")
        person.sql("DELETE FROM django_session WHERE session_key = ?", person.session)
        began_at = time.monotonic()
        page.wait_for_url("**/accounts/login/?next=*")  # so that nothing of the page stays
        assert in_time(began_at, 1.5)
        expect(page.get_by_text("Your session has expired")).to_be_visible()
        page.get_by_label("Email").fill(person.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in", exact=True).click()
        page.wait_for_url(f"**{person.page_url}")
        expect_live(page, "open")


def test_polling_page_is_left_when_its_session_ends(person: Person) -> None:
    with open_tab(person.platform.url) as tab:
        tab.page.route_web_socket(re.compile("/ws/"), lambda socket: socket.close(code=1008))
        visit(tab.page, person)
        expect_live(tab.page, "closed")
        person.sql("DELETE FROM django_session WHERE session_key = ?", person.session)
        began_at = time.monotonic()
        tab.page.wait_for_url("**/accounts/login/?next=*")
        assert in_time(began_at, 4)
        expect(tab.page.get_by_text("Your session has expired")).to_be_visible()


def test_page_that_slept_over_night_looks_at_once(person: Person) -> None:
    with open_tab(person.platform.url) as tab:
        page = tab.page
        page.clock.install()
        deaf = False

        def between(route: WebSocketRoute) -> None:
            """Let the socket live until it falls deaf, as after a sleep: open, and dead."""
            server = route.connect_to_server()
            mine = not deaf
            server.on_message(lambda words: route.send(words) if not (deaf and mine) else None)

        page.route_web_socket(re.compile("/ws/"), between)
        visit(page, person)
        expect_live(page, "open")
        deaf = True
        person.act("stop")
        wait_until(lambda: person.api.get(f"/{person.instance_id}").json()["status"] == "stopped")
        page.clock.fast_forward("08:00:00")
        expect_status(page, "Stopped")
        expect_live(page, "open")


def test_page_that_hears_nothing_for_a_while_is_not_called_live(person: Person) -> None:
    with open_tab(person.platform.url) as tab:
        page = tab.page
        page.clock.install()
        deaf = False

        def between(route: WebSocketRoute) -> None:
            """Let the socket stay open and say nothing, and refuse those that follow it."""
            if deaf:
                route.close(code=1008)
                return
            server = route.connect_to_server()
            server.on_message(lambda words: None if deaf else route.send(words))

        page.route_web_socket(re.compile("/ws/"), between)
        visit(page, person)
        expect_live(page, "open")
        deaf = True
        page.clock.fast_forward("00:14")
        expect(page.locator("[data-live-text]").first).to_have_text("Reconnecting…")


OLD_ONCE = """
    if (!sessionStorage.getItem("was-old")) {
        sessionStorage.setItem("was-old", "yes");
        const Socket = window.WebSocket;
        window.WebSocket = class extends Socket {
            constructor(url, protocols) {
                super(url.replace(/release=\\w+/, "release=0123456789ab"), protocols);
            }
        };
    }
"""


def test_page_from_before_an_update_is_told_and_stays_live(person: Person) -> None:
    with open_tab(person.platform.url) as tab:
        page = tab.page
        page.add_init_script(OLD_ONCE)
        visit(page, person)
        expect(page.get_by_text("RedisGate was updated")).to_be_visible()
        person.act("stop")
        expect_status(page, "Stopped")
        page.get_by_role("link", name="Reload the page").click()
        expect_live(page, "open")
        expect(page.get_by_text("RedisGate was updated")).to_have_count(0)
