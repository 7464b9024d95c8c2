"""Somebody connects a server that they run, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from instances.models import Instance
from tests import somebody_elses
from tests.browser import open_tab
from tests.conftest import Cast
from tests.instances.test_in_browser import session_of, unexpected, visit
from tests.somebody_elses import HERE, Theirs

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def theirs(settings: Settings) -> Iterator[Theirs]:
    settings.EXTERNAL_NETWORKS = HERE.networks
    with somebody_elses.running() as theirs:
        yield theirs


def test_person_checks_and_connects_a_server(
    cast: Cast, live_server: LiveServer, theirs: Theirs
) -> None:
    session = session_of(cast.developer)
    with open_tab() as tab:
        page = visit(tab, live_server, session, "/orgs/acme/instances/")
        page.get_by_role("link", name="Connect existing server").first.click()
        page.get_by_label("Name (optional)", exact=True).fill("Theirs")
        page.get_by_label("Address").fill("redis://worker@169.254.169.254:6379/0")
        page.get_by_label("Password").fill(somebody_elses.PASSWORD)
        page.get_by_role("button", name="Check").click()
        expect(page.get_by_text("never connects")).to_be_visible()
        page.get_by_label("Address").fill(f"redis://worker@127.0.0.1:{theirs.port}/0")
        page.get_by_role("button", name="Check").click()
        expect(page.get_by_text("may read and write")).to_be_visible()
        # What was typed stays between the look and the deed, the password too.
        expect(page.get_by_label("Password")).to_have_value(somebody_elses.PASSWORD)
        assert unexpected(tab) == []
        page.get_by_role("button", name="Connect server").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Theirs")
        expect(page.get_by_text("Somebody else runs it")).to_be_visible()
        page.get_by_role("link", name="Server", exact=True).click()
        expect(page.get_by_label("Password")).to_have_value("")
    assert Instance.objects.get().their_server.user == "worker"


def test_server_is_connected_without_script(
    cast: Cast, live_server: LiveServer, theirs: Theirs
) -> None:
    session = session_of(cast.developer)
    with open_tab(script=False) as tab:
        page = visit(tab, live_server, session, "/orgs/acme/instances/adopt/")
        page.get_by_label("Name (optional)", exact=True).fill("Theirs")
        page.get_by_label("Address").fill(f"redis://worker@127.0.0.1:{theirs.port}/0")
        page.get_by_label("Password").fill(somebody_elses.PASSWORD)
        page.get_by_role("button", name="Connect server").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Theirs")
