"""The overview in a real browser: hints are put off, and the page moves on by itself."""

import time

import pytest
from django.test import Client
from playwright.sync_api import Route, expect
from pytest_django.live_server_helper import LiveServer

from tests.browser import open_tab
from tests.conftest import Cast
from tests.figures.rows import write_last
from tests.quotas.rows import add_key
from tests.rows import add_instance

pytestmark = pytest.mark.django_db(transaction=True)


def fail_again(route: Route) -> None:
    """Let the page see that something has changed since it was drawn."""
    drawn = route.fetch().text()
    route.fulfill(body=drawn.replace(">broken has failed<", ">broken has failed again<"))


def test_hint_is_put_off_and_the_page_keeps_itself_and_the_focus(
    cast: Cast, live_server: LiveServer
) -> None:
    add_key(cast.acme)
    running = add_instance(cast.acme, "sessions", status="running", health="healthy")
    write_last(running, time.time())
    add_instance(cast.acme, "broken", status="error")
    client = Client()
    client.force_login(cast.viewer, "allauth.account.auth_backends.AuthenticationBackend")
    session = client.cookies["sessionid"].value
    with open_tab(base_url=live_server.url) as tab:
        page = tab.page
        cookie = {"name": "sessionid", "value": session, "url": live_server.url}
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.route("**/overview/now/", fail_again)
        page.goto("/orgs/acme/")
        link = page.get_by_role("link", name="sessions", exact=True)
        link.focus()
        # There is no socket here, so the page looks by itself.
        expect(page.get_by_text("broken has failed again")).to_be_visible()
        expect(link).to_be_focused()
        page.unroute_all(behavior="wait")
        page.get_by_role("button", name="Hide for a week: broken has failed").click()
        expect(page.get_by_role("button", name="Show 1 hidden hint")).to_be_visible()
        expect(page.get_by_text("broken has failed")).to_have_count(0)
