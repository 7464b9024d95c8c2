"""An operator looks at a month and suspends the organization, in a real browser."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from instances.models import Instance
from instances.states import Status
from orgs.models import Organization
from tests.browser import Tab, open_tab
from tests.conftest import Cast
from tests.metering.rows import at, did, ran
from tests.quotas.rows import add_key
from tests.rows import add_instance

pytestmark = pytest.mark.django_db(transaction=True)


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client.cookies["sessionid"].value


def fits(page: Page) -> bool:
    """Tell whether the page needs no scrolling to the side."""
    script = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(page.evaluate(script))


def complaints(tab: Tab) -> list[str]:
    """Give what the browser complained of, but for what comes of there being no sockets."""
    return [
        words
        for words in tab.complaints
        if not re.search("WebSocket|[oO]bject Event|oobErrorNoTarget|404", words)
    ]


def test_operator_reads_a_statement_and_suspends_the_organization(
    cast: Cast, live_server: LiveServer
) -> None:
    Organization.objects.filter(pk=cast.acme.pk).update(created_at=at("2026-01-15 00:00"))
    User.objects.filter(pk=cast.owner.pk).update(is_staff=True)
    shop = add_instance(cast.acme, "Shop", status=Status.RUNNING, memory_mb=256)
    ran(cast.acme, "2026-02-01 00:00", "2026-02-20 12:00", instance_id=shop.pk, memory_mb=256)
    gone = ran(cast.acme, "2026-02-03 00:00", "2026-02-05 00:00", name="Trial", memory_mb=1024)
    ran(cast.acme, "2026-03-01 00:00", "2026-03-21 00:00", instance_id=shop.pk, memory_mb=256)
    did(add_key(cast.acme), shop.pk, "2026-02-03 01:00", commands=1_234_567)
    did(add_key(cast.acme), gone, "2026-02-03 01:00", commands=42)
    session = session_of(cast.owner)

    with open_tab(base_url=live_server.url) as tab:
        cookie = {"name": "sessionid", "value": session, "url": live_server.url}
        tab.page.context.add_cookies([cookie])  # type: ignore[list-item]
        tab.page.goto("/orgs/acme/usage/?month=2026-02")
        expect(tab.page.get_by_role("row", name="Shop")).to_contain_text("468.00 h")
        expect(tab.page.get_by_role("row", name="Trial")).to_contain_text("Deleted")
        expect(tab.page.get_by_text("1,234,609").first).to_be_visible()
        with tab.page.expect_download() as download:
            tab.page.get_by_role("link", name="CSV").click()
        assert download.value.suggested_filename == "acme-2026-02.csv"
        tab.page.get_by_role("link", name="March 2026").first.click()
        expect(tab.page.get_by_role("heading", name="March 2026")).to_be_visible()
        tab.page.set_viewport_size({"width": 390, "height": 844})
        assert fits(tab.page)
        tab.page.set_viewport_size({"width": 1280, "height": 800})

        tab.page.goto("/admin/orgs/organization/?q=acme")
        tab.page.get_by_role("checkbox", name="Select this object for an action").check()
        tab.page.get_by_label("Action:").select_option(label="Suspend selected organizations")
        tab.page.get_by_role("button", name="Go").click()
        tab.page.get_by_label("Reason").fill("Bill 17 is unpaid.")
        tab.page.get_by_role("button", name="Suspend").click()
        expect(tab.page.get_by_text("Suspended: 1 organization.")).to_be_visible()
        tab.page.goto("/orgs/acme/")
        expect(tab.page.get_by_role("note")).to_contain_text(re.compile("Bill 17 is unpaid"))
        assert complaints(tab) == []

    assert Instance.objects.get(pk=shop.pk).wish == "stopped"
