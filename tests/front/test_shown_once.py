"""Secrets that are shown once reach the person: no script asks for their page and drops it."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from instances.states import Status
from tests.clients import browser
from tests.conftest import Cast
from tests.orgs.people import add_invitation
from tests.quotas.rows import add_key
from tests.rows import add_instance

pytestmark = pytest.mark.django_db

SENDERS = {
    "apikeys/change_views.py",
    "apikeys/views.py",
    "managementkeys/views.py",
    "orgs/invitations/inviting_views.py",
    "welcome/views.py",
}
"""Views that send somebody on to such a page. Whoever comes anew gets forms in the test below."""
ACME = "/orgs/acme"
FORM = re.compile(r"<form\b[^>]*>")


def forms_to(client: Client, page: str, action: str) -> list[str]:
    """Find a page's forms that are sent to an address, or to the page itself."""
    sent = [form for form in FORM.findall(client.get(page).text) if 'method="post"' in form]
    own = [form for form in sent if "action=" not in form and page == action]
    return own + [form for form in sent if f'action="{action}"' in form]


def expect_full_load(client: Client, page: str, action: str) -> None:
    found = forms_to(client, page, action)
    assert found, (page, action)
    assert all("data-full-load" in form for form in found), found


def test_forms_that_end_in_a_secret_are_sent_by_the_browser_itself(cast: Cast) -> None:
    client, start = browser(cast.owner), f"{ACME}/start/"
    expect_full_load(client, start, start)
    add_instance(cast.acme, status=Status.RUNNING)
    expect_full_load(client, start, start)
    key = add_key(cast.acme)
    expect_full_load(client, start, start)
    for page in (
        f"{ACME}/management-keys/",
        f"{ACME}/api-keys/new/",
        f"{ACME}/api-keys/{key.pk}/rotate/",
    ):
        expect_full_load(client, page, page)
    invitation = add_invitation(cast.acme)
    for action in ("invitations/", f"invitations/{invitation.pk}/resend/"):
        expect_full_load(client, f"{ACME}/members/", f"{ACME}/{action}")


def test_nobody_else_sends_on_to_a_page_with_a_secret() -> None:
    base = Path(settings.BASE_DIR)
    views = base.glob("[a-z]*/**/*views.py")
    senders = {path for path in views if "shown_once.redirect_to(" in path.read_text()}
    assert {path.relative_to(base).as_posix() for path in senders} == SENDERS
