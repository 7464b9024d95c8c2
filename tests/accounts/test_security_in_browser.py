"""Second factors as people meet them: an authenticator app, passkeys, and less script."""

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests.accounts.people import code_of, factors_of
from tests.browser import open_tab
from tests.conftest import PASSWORD, make_user

TOUCH_ID = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def olivia(transactional_db: None) -> User:
    return make_user("olivia")


def log_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email address").fill("olivia@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def prove(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def give_authenticator(page: Page) -> None:
    """Give the browser a fingerprint reader that says yes."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": TOUCH_ID})


def test_app_passkey_and_codes(live_server: LiveServer, olivia: User) -> None:
    with open_tab(live_server.url) as tab:
        page = tab.page
        give_authenticator(page)
        log_in(page)
        page.wait_for_url("**/orgs/**")
        page.locator(".rg-sidebar summary").last.click()
        page.get_by_role("link", name="Account").click()
        page.get_by_role("link", name="Security").click()

        page.get_by_role("link", name="Set up").click()
        prove(page)
        secret = page.locator("#totp-secret").input_value()
        page.get_by_label("Code").fill(code_of(secret))
        page.get_by_role("button", name="Set up").click()
        codes = page.locator("#recovery-codes").inner_text().split()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download").click()
        assert download.value.path().read_text().split() == codes
        page.get_by_role("link", name="I have saved them").click()

        page.get_by_role("link", name="Add a passkey").click()
        page.get_by_label("Name").fill("Laptop")
        page.get_by_role("button", name="Add a passkey").click()
        expect(page.get_by_text("Laptop", exact=True)).to_be_visible()

        page.context.clear_cookies()
        page.goto("/accounts/login/")
        page.get_by_role("button", name="Log in with a passkey").click()
        page.wait_for_url("**/orgs/**")

        page.context.clear_cookies()
        log_in(page)
        page.get_by_label("Code").fill(codes[0])
        page.get_by_role("button", name="Log in", exact=True).click()
        page.get_by_role("button", name="Not this one").click()
        page.wait_for_url("**/orgs/**")
        assert not tab.complaints
    assert factors_of(olivia) == {"totp", "webauthn", "recovery_codes"}


def test_passkey_that_does_not_come_about_is_said_in_words(
    live_server: LiveServer, olivia: User
) -> None:
    number = live_server.url.replace("localhost", "127.0.0.1")
    by_name = f"Open {live_server.url} instead, and log in there."
    with open_tab(live_server.url) as tab:
        give_authenticator(tab.page)
        for url, words in ((number, by_name), (live_server.url, "Nothing was confirmed")):
            tab.page.goto(f"{url}/accounts/login/")
            tab.page.get_by_role("button", name="Log in with a passkey").click()
            said = tab.page.get_by_role("alert").filter(has_text=words)
            expect(said).to_be_visible()


def test_app_works_without_script(live_server: LiveServer, olivia: User) -> None:
    with open_tab(live_server.url, script=False) as tab:
        page = tab.page
        log_in(page)
        page.goto("/accounts/2fa/")
        page.get_by_role("link", name="Set up").click()
        prove(page)
        page.get_by_label("Code").fill(code_of(page.locator("#totp-secret").input_value()))
        page.get_by_role("button", name="Set up").click()
        expect(page.locator("#recovery-codes")).to_be_visible()
        expect(page.get_by_role("button", name="Download")).to_be_hidden()
    assert factors_of(olivia) == {"totp", "recovery_codes"}
