"""Charts in a real browser."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import Client
from playwright.sync_api import Route, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from figures import serializers
from figures.windows import RANGES, up_to
from instances.models import Instance
from instances.states import Status
from tests.browser import Tab, open_tab
from tests.conftest import Cast
from tests.figures.rows import write_last
from tests.rows import add_instance

pytestmark = pytest.mark.django_db(transaction=True)

API = "**/metrics?range=*"
PATH = "/orgs/acme/instances/shop/metrics/"


@pytest.fixture
def instance(cast: Cast) -> Instance:
    return add_instance(cast.acme, "shop", status=Status.RUNNING)


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies["sessionid"].value


@contextmanager
def signed_in(live_server: LiveServer, session: str) -> Iterator[Tab]:
    with open_tab(base_url=live_server.url) as tab:
        cookie = {"name": "sessionid", "value": session, "url": live_server.url}
        tab.page.context.add_cookies([cookie])  # type: ignore[list-item]
        yield tab


def complaints(tab: Tab) -> list[str]:
    """Give what the browser complained of, but for what comes of there being no sockets."""
    return [
        words
        for words in tab.complaints
        if not re.search("WebSocket|object Event|oobErrorNoTarget", words)
    ]


@contextmanager
def opened(live_server: LiveServer, session: str, path: str) -> Iterator[Tab]:
    with signed_in(live_server, session) as tab:
        tab.page.goto(path)
        yield tab


def test_charts_share_a_crosshair_and_keep_the_range_in_the_address(
    cast: Cast, live_server: LiveServer, instance: Instance
) -> None:
    write_last(instance, time.time(), seconds=600)
    session = session_of(cast.viewer)
    with opened(live_server, session, f"{PATH}?range=15m") as tab:
        page = tab.page
        commands = page.locator("[data-chart=operations]")
        expect(commands.locator("canvas")).to_be_visible()
        expect(commands.locator("[data-now]")).to_have_text("10/s")
        page.locator("[data-chart=memory] .u-over").hover(position={"x": 80, "y": 40})
        expect(page.locator("[data-chart=keys] .u-cursor-x")).not_to_have_class(re.compile("u-off"))
        page.get_by_role("link", name="6h").click()
        expect(page).to_have_url(re.compile(r"range=6h$"))
        expect(page.get_by_role("link", name="6h")).to_have_attribute("aria-current", "true")
        label = re.compile("Commands of the last 6 hours: now 10.s")
        expect(page.get_by_role("img", name=label)).to_be_visible()
        page.go_back()
        expect(page.get_by_role("link", name="15m")).to_have_attribute("aria-current", "true")
        page.get_by_role("link", name="Show as table").click()
        expect(page.get_by_role("cell", name="977 KB").first).to_be_visible()
        assert complaints(tab) == []


def test_first_figures_appear_by_themselves_and_a_failed_fetch_is_said(
    cast: Cast, live_server: LiveServer, instance: Instance
) -> None:
    session = session_of(cast.viewer)
    with signed_in(live_server, session) as tab:
        page = tab.page
        page.clock.install()
        page.goto(PATH)
        expect(page.get_by_text("First figures in 10 seconds")).to_be_visible()
        page.route(API, lambda route: route.abort())
        page.clock.run_for(10_000)
        expect(page.get_by_text("can't be fetched right now")).to_be_visible()
        page.unroute(API)
        page.route(API, _one_sample)
        page.clock.run_for(10_000)
        expect(page.locator("[data-chart=memory] [data-now]")).to_have_text("2 MB")
        expect(page.get_by_text("First figures in 10 seconds")).to_be_hidden()
        expect(page.get_by_text("can't be fetched right now")).to_be_hidden()


def _one_sample(route: Route) -> None:
    """Answer as the API does once the sampler has looked."""
    window = up_to(time.time(), RANGES["1h"])
    points = [None for _ in window.times]
    body = serializers.of_series(window, [*points[:-1], {"n": 1, "used": 2 * 1024**2}])
    route.fulfill(json=body)


def test_every_page_fits_a_phone(cast: Cast, live_server: LiveServer, instance: Instance) -> None:
    write_last(instance, time.time(), seconds=600)
    session = session_of(cast.viewer)
    with signed_in(live_server, session) as tab:
        page = tab.page
        page.set_viewport_size({"width": 390, "height": 844})
        for path in ("", "?view=table", "commands/", "slowlog/", "clients/"):
            page.goto(PATH + path)
            expect(page.get_by_role("link", name="Slow log")).to_be_visible()
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), path
        assert complaints(tab) == []
