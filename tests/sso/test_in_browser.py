"""From nothing to a member by single sign-on, in a real browser, at a real OpenID provider."""

import re
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from orgs.models import Membership
from orgs.roles import Role
from sso.models import Domain, IdentityProvider, Mode
from tests.browser import open_tab
from tests.conftest import Cast
from tests.sso import openid_provider
from tests.sso.openid_provider import OpenIdProvider

pytestmark = pytest.mark.django_db(transaction=True)

NINA = {"email": "nina@acme.example", "email_verified": True, "preferred_username": "nina"}


@pytest.fixture(scope="module")
def openid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenIdProvider]:
    log: Path = tmp_path_factory.mktemp("openid") / "log"
    with openid_provider.running(log) as provider:
        provider.add_person("nina", **NINA)
        provider.add_person("mallory", email="otto@example.com", email_verified=True)
        yield provider


@pytest.fixture
def address(live_server: LiveServer, settings: Settings) -> str:
    settings.PUBLIC_URL = live_server.url
    settings.EXTERNAL_NETWORKS = (ip_network("127.0.0.0/8"),)
    return str(live_server.url)


def without_internet(page: Page) -> None:
    """Spare the provider's pages the wait for a style sheet from elsewhere."""
    page.context.route(re.compile("^https://"), lambda route: route.abort())


def authorize(page: Page, subject: str) -> None:
    page.get_by_placeholder("sub").fill(subject)
    page.get_by_role("button", name="Authorize").click()


def test_owner_connects_a_provider_and_newcomers_land_in_the_dashboard(
    cast: Cast, address: str, openid: OpenIdProvider, settings: Settings
) -> None:
    now = timezone.now()
    settings.SSO_OIDC_ISSUER, settings.SSO_OIDC_NAME = openid.issuer, "Company ID"
    settings.SSO_OIDC_CLIENT_ID, settings.SSO_OIDC_CLIENT_SECRET = "platform", "the-secret"
    settings.SSO_DOMAINS = ["acme.example"]
    Domain.objects.create(organization=cast.acme, name="acme.example", approved_at=now)
    client = Client()
    client.force_login(cast.owner)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}
    with open_tab(address) as tab:
        page = tab.page
        without_internet(page)
        page.context.add_cookies([cookie])  # type: ignore[list-item]
        page.goto("/orgs/acme/settings/sso/")
        page.get_by_label("Name").fill("Acme ID")
        page.get_by_label("Issuer").fill(openid.issuer)
        page.get_by_label("Client ID").fill("redisgate")
        page.get_by_label("Client secret").fill("the-secret")
        page.get_by_role("button", name="Save the connection").click()
        page.get_by_role("button", name="Test the sign-in").click()
        authorize(page, "nina")
        expect(page.get_by_text("it signed in nina@acme.example")).to_be_visible()
        assert "the-secret" not in page.content()
        page.get_by_label("Required").check()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("Saved.", exact=True)).to_be_visible()
        page.context.clear_cookies()

        page.goto("/accounts/login/")
        page.get_by_role("link", name="Sign in with your organization").click()
        page.get_by_label("email address").fill("somebody@acme.example")
        page.get_by_role("button", name="Continue").click()
        authorize(page, "nina")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.url == f"{address}/orgs/acme/"
        page.context.clear_cookies()

        # The word of the platform's own provider is not the word of Acme's.
        page.goto("/accounts/login/")
        page.get_by_role("button", name="Sign in with Company ID").click()
        authorize(page, "nina")
        expect(page.get_by_text("through Acme ID only")).to_be_visible()
        page.get_by_role("link", name="Sign in with your organization").click()
        page.get_by_role("button", name="Continue to Acme ID").click()
        authorize(page, "mallory")
        expect(page.get_by_text("has not shown that addresses at example.com")).to_be_visible()
        assert [line for line in tab.complaints if "Content Security Policy" in line] == []
    assert IdentityProvider.objects.get().mode == Mode.REQUIRED
    assert Membership.objects.get(user__email="nina@acme.example").role == Role.VIEWER
