"""Members and invitations for programs."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from audit.models import AuditEvent
from orgs.models import Membership
from orgs.roles import Role
from redisgate.lib.tokens import fingerprint
from tests.clients import program
from tests.conftest import Cast, make_user
from tests.orgs.people import add_invitation, add_member, membership, role_of


def url(cast: Cast, path: str) -> str:
    return f"/api/organizations/{cast.acme.id}{path}"


def test_members_are_listed_with_what_a_team_may_see(cast: Cast) -> None:
    body = program(cast.viewer).get(url(cast, "/members")).json()
    names = [each["username"] for each in body["results"]]
    assert names == ["adam", "dora", "olivia", "victor"]
    shown = body["results"][0]
    assert shown.keys() == {"id", "user_id", "username", "name", "email", "role", "created_at"}
    assert (shown["email"], shown["role"]) == ("adam@example.com", "admin")


def test_members_can_be_searched(cast: Cast) -> None:
    body = program(cast.viewer).get(url(cast, "/members?search=dora@")).json()
    assert [each["username"] for each in body["results"]] == ["dora"]


def test_list_costs_the_same_for_many(cast: Cast) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            program(cast.owner).get(url(cast, "/members"))
        return len(captured)

    few = queries()
    for _ in range(10):
        add_member(cast.acme)
    assert queries() == few <= 4


def test_role_is_changed_and_shown(cast: Cast) -> None:
    victor = membership(cast.acme, cast.viewer)
    answer = program(cast.admin).patch(url(cast, f"/members/{victor.id}"), {"role": "developer"})
    assert (answer.status_code, answer.json()["role"]) == (200, "developer")
    event = AuditEvent.objects.get(action="member.change_role")
    assert (event.means, event.object_id) == ("api", cast.viewer.id)


@pytest.mark.parametrize(
    ("body", "field"),
    [({}, "role"), ({"role": "king"}, "role"), ({"role": "viewer", "user_id": 1}, "user_id")],
)
def test_bad_change_names_the_field(cast: Cast, body: dict[str, Any], field: str) -> None:
    victor = membership(cast.acme, cast.viewer)
    answer = program(cast.admin).patch(url(cast, f"/members/{victor.id}"), body)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


@pytest.mark.parametrize("field", ["id", "user_id", "email", "created_at", "organization"])
def test_fixed_fields_cannot_be_changed(cast: Cast, field: str) -> None:
    victor = membership(cast.acme, cast.viewer)
    body = {"role": "developer", field: str(uuid4())}
    answer = program(cast.owner).patch(url(cast, f"/members/{victor.id}"), body)
    assert answer.status_code == 400
    assert role_of(cast.acme, cast.viewer) is Role.VIEWER


def test_last_owner_is_told_by_code(cast: Cast) -> None:
    answer = program(cast.owner).post(url(cast, "/leave"))
    assert (answer.status_code, answer.json()["code"]) == (409, "last_owner")


def test_removed_member_finds_nothing_any_more(cast: Cast) -> None:
    victor = membership(cast.acme, cast.viewer)
    assert program(cast.admin).delete(url(cast, f"/members/{victor.id}")).status_code == 204
    assert program(cast.viewer).get(url(cast, "")).status_code == 404


def test_ownership_is_handed_over(cast: Cast) -> None:
    dora = membership(cast.acme, cast.developer)
    answer = program(cast.owner).post(url(cast, "/transfer"), {"member": str(dora.id)})
    assert (answer.status_code, answer.json()["role"]) == (200, "owner")
    assert role_of(cast.acme, cast.owner) is Role.ADMIN


def test_ownership_goes_to_no_strangers_member(cast: Cast) -> None:
    otto = Membership.objects.get(organization=cast.globex)
    answer = program(cast.owner).post(url(cast, "/transfer"), {"member": str(otto.id)})
    assert answer.status_code == 404


def test_link_goes_to_whoever_invites_where_no_mail_server_sends_it(
    cast: Cast, settings: Settings
) -> None:
    body = {"email": "nora@example.com", "role": "viewer"}
    made = program(cast.admin).post(url(cast, "/invitations"), body)
    token = made.json()["link"].rpartition("=")[2]
    resent = program(cast.admin).post(f"{made['Location']}/resend", {})
    assert cast.acme.invitations.get().fingerprint == fingerprint(
        resent.json()["link"].rpartition("=")[2]
    )
    assert token not in resent.json()["link"]
    assert program(cast.admin).get(made["Location"]).json()["link"] is None
    settings.HAS_MAIL_SERVER = True
    again = program(cast.admin).post(f"{made['Location']}/resend", {})
    assert (again.status_code, again.json()["link"]) == (200, None)


def test_invitation_is_made_shown_and_never_with_its_link(cast: Cast, settings: Settings) -> None:
    settings.HAS_MAIL_SERVER = True
    body = {"email": "Nora@example.com", "role": "viewer"}
    answer = program(cast.admin).post(url(cast, "/invitations"), body)
    assert answer.status_code == 201
    shown = answer.json()
    assert shown.keys() == {
        "id",
        "email",
        "role",
        "status",
        "link",
        "invited_by",
        "created_at",
        "sent_at",
        "expires_at",
    }
    assert (shown["email"], shown["status"], shown["invited_by"]) == (
        "nora@example.com",
        "open",
        "adam",
    )
    assert shown["link"] is None
    assert program(cast.viewer).get(answer["Location"]).json() == shown


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"role": "viewer"}, "email"),
        ({"email": "nora", "role": "viewer"}, "email"),
        ({"email": "", "role": "viewer"}, "email"),
        ({"email": "nora@example.com", "role": "king"}, "role"),
        ({"email": "nora@example.com", "role": "viewer", "expires_at": None}, "expires_at"),
    ],
)
def test_bad_invitation_names_the_field(cast: Cast, body: dict[str, Any], field: str) -> None:
    answer = program(cast.admin).post(url(cast, "/invitations"), body)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


def test_admin_invites_no_owner(cast: Cast) -> None:
    body = {"email": "nora@example.com", "role": "owner"}
    answer = program(cast.admin).post(url(cast, "/invitations"), body)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_mails_above_the_limit_say_when_to_try_again(cast: Cast) -> None:
    invitation = add_invitation(cast.acme)
    again = url(cast, f"/invitations/{invitation.id}/resend")
    answers = [program(cast.owner).post(again) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].json()["code"] == "too_many_invitations"
    assert 0 < int(answers[3]["Retry-After"]) <= 3600


def test_program_accepts_and_declines_by_token(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    nora = program(make_user("nora"))
    for role in ("viewer", "developer"):
        with django_capture_on_commit_callbacks(execute=True):
            body = {"email": "nora@example.com", "role": role}
            program(cast.owner).post(url(cast, "/invitations"), body)
        link = re.findall(r"https?://\S+token=\S+", str(mail.outbox[-1].body))[0]
        if role == "viewer":
            assert nora.post("/api/invitations/decline", {"token": link}).status_code == 204
    joined = nora.post("/api/invitations/accept", {"token": link.rpartition("=")[2]})
    assert (joined.status_code, joined.json()["role"]) == (200, "developer")
    assert joined.json()["organization_id"] == str(cast.acme.id)
    again = nora.post("/api/invitations/accept", {"token": link})
    assert (again.status_code, again.json()["code"]) == (410, "invitation_over")
