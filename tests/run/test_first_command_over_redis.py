"""The guided page finishes by itself when the first command comes from a Redis client."""

import pytest
from playwright.sync_api import expect

from tests.browser import open_tab
from tests.run.test_first_connection import cli, redis_url
from tests.run.test_live_in_browser import Person, person, visit
from tests.waiting import wait_until

__all__ = ["person"]  # a fixture
pytestmark = pytest.mark.e2e


def test_first_command_over_the_redis_protocol_finishes_the_way(person: Person) -> None:
    url = redis_url(person)
    with open_tab(person.platform.url) as tab:
        page = tab.page
        visit(page, person)
        page.get_by_role("link", name="Overview").first.click()
        expect(page.get_by_role("region", name="Next step")).to_be_visible()
        page.get_by_role("link", name="Create an API key").click()
        page.get_by_role("button", name="Create the key").click()
        expect(page.get_by_text("Save this key now")).to_be_visible()
        expect(page.get_by_text("Waiting for your first command")).to_be_visible()
        works = page.get_by_role("heading", name="It works.")

        def is_noticed() -> bool:
            # Again and again: nobody tells when the server begins to be listened to.
            cli(url, "PING")
            return works.is_visible()

        wait_until(is_noticed, seconds=60)
        assert tab.complaints == []
