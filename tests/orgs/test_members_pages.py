"""The page of members, and what can be done on it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.models import User
from orgs.access import enter
from orgs.members import page as members_page
from orgs.models import Invitation, Membership, Organization
from orgs.roles import Permission, Role
from redisgate.lib.leaves import Wanted
from redisgate.lib.tokens import fingerprint
from tests.accounts.people import proven
from tests.clients import browser
from tests.conftest import PASSWORD, Cast
from tests.orgs.people import add_invitation, membership, role_of
from tests.quotas.rows import add_key

PAGE = "/orgs/acme/members/"
HTMX = {"HX-Request": "true"}


def add_many(organization: Organization, number: int) -> None:
    users = User.objects.bulk_create(
        User(username=f"person-{each:04}", email=f"person-{each:04}@example.com")
        for each in range(number)
    )
    Membership.objects.bulk_create(
        Membership(organization=organization, user=user, role=Role.VIEWER) for user in users
    )


def path_of(cast: Cast, user: User, what: str) -> str:
    return f"{PAGE}{membership(cast.acme, user).id}/{what}/"


def test_everybody_sees_members_and_who_is_invited(cast: Cast) -> None:
    invitation = add_invitation(cast.acme)
    page = browser(cast.viewer).get(PAGE).text
    for each in ("olivia@example.com", "adam", "Developer", invitation.email, "4 members"):
        assert each in page
    assert "Invite somebody" not in page
    assert "Withdraw" not in page
    assert "/remove/" not in page


def test_nobody_invited_says_what_will_be_there(cast: Cast) -> None:
    assert "Whom you invite shows up here" in browser(cast.admin).get(PAGE).text
    assert "Owners and admins can invite people" in browser(cast.viewer).get(PAGE).text


def test_admin_is_offered_what_admins_may(cast: Cast) -> None:
    page = browser(cast.admin).get(PAGE).text
    assert path_of(cast, cast.viewer, "remove") in page
    assert path_of(cast, cast.owner, "remove") not in page
    assert path_of(cast, cast.viewer, "transfer") not in page
    assert '<option value="owner"' not in page


def test_thousand_members_are_leafed_through_each_once(cast: Cast) -> None:
    add_many(cast.acme, 996)
    access = enter(cast.owner, "acme", Permission.MEMBER_VIEW)
    pages = [members_page.page_of(access, Wanted(number=str(number))) for number in range(1, 41)]
    seen = [each.user.username for page in pages for each in page]
    assert len(seen) == len(set(seen)) == 1000
    beyond = browser(cast.owner).get(f"{PAGE}?page=999")
    assert "976 to 1,000 of 1,000" in beyond.text


def test_page_costs_the_same_for_many(cast: Cast) -> None:
    visitor = browser(cast.owner)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            visitor.get(PAGE)
        return len(captured)

    few = queries()
    add_many(cast.acme, 40)
    for _ in range(10):
        add_invitation(cast.acme)
    assert queries() == few <= 8


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_link_is_shown_once_where_no_mail_server_carries_it(
    cast: Cast, settings: Settings, headers: dict[str, str]
) -> None:
    wish = {"email": "nora@example.com", "role": "viewer"}
    visitor = browser(cast.admin)
    shown = visitor.post("/orgs/acme/invitations/", wish, headers=headers, follow=True).text
    token = re.search(r"/invitations/\?token=(rgi_[\w-]+)", shown)
    assert token
    assert Invitation.objects.get().fingerprint == fingerprint(token[1])
    assert "token=" not in browser(cast.owner).get(PAGE).text
    settings.HAS_MAIL_SERVER = True
    again = f"/orgs/acme/invitations/{Invitation.objects.get().id}/resend/"
    assert "token=" not in visitor.post(again, headers=headers, follow=True).text


def test_page_drawn_for_another_role_is_told(cast: Cast) -> None:
    visitor = browser(cast.viewer)
    assert "HX-Trigger" not in visitor.get("/orgs/acme/standing/?role=viewer")
    told = visitor.get("/orgs/acme/standing/?role=owner")
    assert "You are a viewer of Acme now." in told["HX-Trigger"]


@pytest.mark.parametrize(
    ("words", "found"), [("dora", "1 found"), ("EXAMPLE.com dor", "1 found"), ("zzz", "0 found")]
)
def test_search_looks_into_names_and_addresses(cast: Cast, words: str, found: str) -> None:
    part = browser(cast.viewer).get(PAGE, {"q": words}, headers={"HX-Target": "members"}).text
    assert found in " ".join(part.split())
    assert "<html" not in part


def test_role_is_changed_in_its_row(cast: Cast) -> None:
    path = path_of(cast, cast.viewer, "role")
    answer = browser(cast.admin).post(path, {"role": "developer"}, headers=HTMX)
    assert answer.text.strip().startswith("<tr")
    assert "victor is a developer of Acme now." in answer["HX-Trigger"]
    assert role_of(cast.acme, cast.viewer) is Role.DEVELOPER


def test_role_that_one_may_not_give_is_refused(cast: Cast) -> None:
    path = path_of(cast, cast.viewer, "role")
    assert browser(cast.admin).post(path, {"role": "owner"}).status_code == 400
    assert role_of(cast.acme, cast.viewer) is Role.VIEWER


def test_removal_says_which_keys_stay_and_where_to_revoke_them(cast: Cast) -> None:
    key = add_key(cast.acme, created_by=cast.developer)
    add_key(cast.globex, created_by=cast.developer)
    path = path_of(cast, cast.developer, "remove")
    page = " ".join(browser(cast.admin).get(path).text.split())
    assert "They made 1 API key. It belongs to the organization and stays in use." in page
    assert f"/orgs/acme/api-keys/{key.id}/revoke/" in page
    assert browser(cast.admin).post(path)["Location"] == PAGE
    assert role_of(cast.acme, cast.developer) is None
    key.refresh_from_db()
    assert key.is_active


def test_removed_member_is_out_at_once(cast: Cast) -> None:
    visitor = browser(cast.developer)
    assert visitor.get("/orgs/acme/").status_code == 200
    browser(cast.admin).post(path_of(cast, cast.developer, "remove"))
    assert visitor.get("/orgs/acme/").status_code == 404


def test_leaving_leads_home(cast: Cast) -> None:
    visitor = browser(cast.viewer)
    assert "unless you are invited again" in visitor.get("/orgs/acme/leave/").text
    assert visitor.post("/orgs/acme/leave/")["Location"] == "/"
    assert visitor.get("/")["Location"] == "/orgs/"
    assert "You are in no organization now" in visitor.get("/orgs/").text


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "dialog"])
def test_last_owner_is_told_before_they_try(cast: Cast, headers: dict[str, str]) -> None:
    question = browser(cast.owner).get("/orgs/acme/leave/", headers=headers).text
    assert "You are the last owner of Acme." in question
    content, _, _ = question.partition('<dialog class="rg-dialog rg-needs-js"')  # of the frame
    assert "btn-danger" not in content
    refused = browser(cast.owner).post("/orgs/acme/leave/")
    assert refused.status_code == 409
    assert "Make somebody else an owner first" in refused.text


def test_ownership_is_handed_over_once_the_name_is_typed(cast: Cast) -> None:
    path = path_of(cast, cast.developer, "transfer")
    visitor = proven(cast.owner)
    wrong = visitor.post(path, {"confirm": "Globex"})
    assert wrong.status_code == 422
    assert "Type Acme to confirm" in wrong.text
    assert visitor.post(path, {"confirm": " Acme "})["Location"] == PAGE
    assert role_of(cast.acme, cast.developer) is Role.OWNER
    assert role_of(cast.acme, cast.owner) is Role.ADMIN


def test_hand_over_asks_who_it_is_once_more(cast: Cast) -> None:
    path = path_of(cast, cast.developer, "transfer")
    answer = browser(cast.owner).post(path, {"confirm": "Acme"})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert role_of(cast.acme, cast.owner) is Role.OWNER


def test_hand_over_goes_on_once_the_password_is_given(cast: Cast) -> None:
    path = path_of(cast, cast.developer, "transfer")
    visitor = browser(cast.owner)
    question = visitor.post(path, {"confirm": "Acme"})["Location"]
    visitor.post(question, {"password": PASSWORD}, follow=True)
    assert role_of(cast.acme, cast.developer) is Role.OWNER


def test_invited_address_shows_up_and_is_withdrawn(cast: Cast) -> None:
    visitor = browser(cast.admin)
    wish = {"email": "nora@example.com", "role": "viewer"}
    part = visitor.post("/orgs/acme/invitations/", wish, headers=HTMX)
    assert "nora@example.com is invited." in part["HX-Trigger"]
    assert "nora@example.com" in part.text
    found = Invitation.objects.get()
    answer = visitor.post(f"/orgs/acme/invitations/{found.id}/withdraw/")
    assert answer["Location"] == PAGE
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"email": "", "role": "viewer"}, "Enter the address of whom to invite."),
        ({"email": "nora", "role": "viewer"}, "Enter an email address"),
        ({"email": "dora@example.com", "role": "viewer"}, "is a member of Acme already"),
        ({"email": "nora@example.com", "role": "owner"}, "You can&#x27;t give this role."),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "part"])
def test_refused_invitation_says_why_beside_the_field(
    cast: Cast, wish: dict[str, str], words: str, headers: dict[str, str]
) -> None:
    answer = browser(cast.admin).post("/orgs/acme/invitations/", wish, headers=headers)
    assert answer.status_code == 422
    assert words in answer.text
    assert ("<html" in answer.text) == (not headers)


def test_visitor_is_sent_to_log_in(client: Client, cast: Cast) -> None:
    assert client.get(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"


def test_last_owner_is_not_offered_to_leave(cast: Cast) -> None:
    assert 'id="leave"' not in browser(cast.owner).get("/orgs/acme/members/").text
    assert 'id="leave"' in browser(cast.viewer).get("/orgs/acme/members/").text
