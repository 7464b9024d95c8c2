"""Management keys: what they open, for whom, and when they end."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import AuditEvent
from managementkeys import services
from managementkeys.models import ManagementKey
from orgs.access import enter
from orgs.models import Membership, Organization
from orgs.roles import Permission, Role
from tests import clients
from tests.accounts.people import proven
from tests.conftest import Cast, actor


def url_of(cast: Cast, rest: str = "") -> str:
    return f"/api/organizations/{cast.acme.id}{rest}"


def make(cast: Cast, maker: User, role: str = "admin", **more: object) -> str:
    wish = {"name": "Terraform", "role": role, **more}
    answer = clients.program(maker).post(url_of(cast, "/management-keys"), wish)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["key"])


def holder(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def test_key_is_shown_once_and_stored_as_a_fingerprint(cast: Cast) -> None:
    token = make(cast, cast.owner)
    kept = ManagementKey.objects.values().get()
    assert token.startswith("rgm_")
    assert token not in str(kept)
    assert token not in clients.program(cast.owner).get(url_of(cast, "/management-keys")).text


def test_key_opens_its_organization_alone(cast: Cast) -> None:
    program = holder(make(cast, cast.owner))
    also_mine = Organization.objects.create(name="Side", slug="side")
    Membership.objects.create(organization=also_mine, user=cast.owner, role=Role.OWNER)
    assert program.get(url_of(cast)).status_code == 200
    assert program.get(f"/api/organizations/{also_mine.id}").status_code == 404
    listed = program.get("/api/organizations").json()["results"]
    assert [each["id"] for each in listed] == [str(cast.acme.id)]


def test_key_may_no_more_than_its_role(cast: Cast) -> None:
    program = holder(make(cast, cast.owner, "viewer"))
    assert program.get(url_of(cast)).status_code == 200
    assert program.patch(url_of(cast), {"name": "Ours"}).status_code == 403


def test_key_may_no_more_than_its_maker_may_now(cast: Cast) -> None:
    program = holder(make(cast, cast.admin))
    mine = Membership.objects.filter(user=cast.admin)
    mine.update(role=Role.VIEWER)
    assert program.patch(url_of(cast), {"name": "Ours"}).status_code == 403
    mine.delete()
    assert program.get(url_of(cast)).status_code == 404


def test_key_does_not_end_the_membership_of_its_maker(cast: Cast) -> None:
    program = holder(make(cast, cast.admin, "viewer"))
    left = program.post(url_of(cast, "/leave"))
    assert (left.status_code, left.json()["code"]) == (403, "management_key_not_accepted")
    assert Membership.objects.filter(user=cast.admin).exists()


def test_leaked_key_lets_nobody_in_who_would_rule(cast: Cast) -> None:
    program = holder(make(cast, cast.owner, "owner"))
    for role, status in {"owner": 403, "admin": 403, "developer": 201}.items():
        wish = {"email": f"{role}@example.com", "role": role}
        assert program.post(url_of(cast, "/invitations"), wish).status_code == status
    [admins] = Membership.objects.filter(user=cast.admin)
    assert program.delete(url_of(cast, f"/members/{admins.pk}")).status_code == 403
    [viewers] = Membership.objects.filter(user=cast.viewer)
    url = url_of(cast, f"/members/{viewers.pk}")
    assert program.patch(url, {"role": "admin"}).status_code == 403
    assert program.patch(url, {"role": "developer"}).status_code == 200


def test_nobody_makes_a_key_above_their_own_role(cast: Cast) -> None:
    answer = clients.program(cast.admin).post(
        url_of(cast, "/management-keys"), {"name": "Boss", "role": "owner"}
    )
    assert answer.status_code == 403
    assert not ManagementKey.objects.exists()


@pytest.mark.parametrize("name", ["Terra\nform", "\u200b", "x" * 81])
def test_name_of_a_key_can_be_read_on_one_line(cast: Cast, name: str) -> None:
    wish = {"name": name, "role": "viewer"}
    refused = clients.program(cast.owner).post(url_of(cast, "/management-keys"), wish)
    assert refused.status_code == 400
    assert list(refused.json()["errors"]) == ["name"]


def test_operators_key_does_not_operate_the_platform(cast: Cast) -> None:
    User.objects.filter(pk=cast.owner.pk).update(is_staff=True)
    program = holder(make(cast, cast.owner, "owner"))
    limits = {"instances": {"limit": 50}}
    assert program.put(url_of(cast, "/quota"), limits).status_code == 403
    foreign = f"/api/organizations/{cast.globex.id}/quota"
    assert program.get(foreign).status_code == 404


def test_audit_log_says_that_a_key_did_it(cast: Cast) -> None:
    holder(make(cast, cast.owner)).patch(url_of(cast), {"name": "Ours"})
    event = AuditEvent.objects.get(action="organization.update")
    assert event.means == "key"
    assert event.actor_label == "olivia@example.com by key Terraform"
    assert event.actor_id == cast.owner.pk


def test_revoked_key_is_dead_at_once(cast: Cast) -> None:
    token = make(cast, cast.owner)
    key = ManagementKey.objects.get()
    owner = clients.program(cast.owner)
    assert owner.delete(url_of(cast, f"/management-keys/{key.id}")).status_code == 204
    refused = holder(token).get(url_of(cast))
    assert (refused.status_code, refused.json()["code"]) == (401, "management_key_revoked")


def test_expired_key_is_told_so(cast: Cast) -> None:
    token = make(cast, cast.owner, expires_at=timezone.now() + timedelta(days=1))
    ManagementKey.objects.update(expires_at=timezone.now())
    refused = holder(token).get(url_of(cast))
    assert (refused.status_code, refused.json()["code"]) == (401, "management_key_expired")


@pytest.mark.parametrize("token", ["rgm_", "rgm_unknown", "rgm_\x00", "rgm_é"])
def test_key_that_never_was_is_unknown(cast: Cast, token: str) -> None:
    refused = APIClient().get(url_of(cast), HTTP_AUTHORIZATION=f"Bearer {token}")
    assert (refused.status_code, refused.json()["code"]) == (401, "management_key_unknown")


def test_use_is_noted(cast: Cast) -> None:
    holder(make(cast, cast.owner)).get(url_of(cast), REMOTE_ADDR="203.0.113.7")
    key = ManagementKey.objects.get()
    assert (key.last_used_from, key.last_used_at is not None) == ("203.0.113.7", True)


def test_page_makes_shows_and_revokes_a_key(cast: Cast) -> None:
    page, person = f"/orgs/{cast.acme.slug}/management-keys/", proven(cast.owner)
    made = person.post(page, {"name": "CI", "role": "developer", "lifetime": "30"})
    shown = person.get(made["Location"]).content.decode()
    token = shown.partition('value="rgm_')[2].partition('"')[0]
    assert holder(f"rgm_{token}").get(url_of(cast)).status_code == 200
    assert "was shown once" in person.get(made["Location"]).content.decode()
    revoke = made["Location"].replace("created", "revoke")
    assert person.post(revoke).status_code == 302
    assert "Revoked" in person.get(page).content.decode()


def test_cookie_alone_makes_no_key(cast: Cast) -> None:
    browser = clients.browser(cast.owner)
    wish = {"name": "CI", "role": "developer", "lifetime": "30"}
    asked = browser.post(f"/orgs/{cast.acme.slug}/management-keys/", wish)
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    refused = browser.post(f"{url_of(cast)}/management-keys", wish, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "reauthentication_required")
    assert not ManagementKey.objects.exists()


def test_page_says_what_is_wrong(cast: Cast) -> None:
    page, person = f"/orgs/{cast.acme.slug}/management-keys/", clients.browser(cast.admin)
    answer = person.post(page, {"name": "", "role": "owner"})
    assert answer.status_code == 422
    assert "says what uses it" in answer.content.decode()
    assert not ManagementKey.objects.exists()


def test_many_keys_are_named_first_and_then_revoked(cast: Cast) -> None:
    page, person = f"/orgs/{cast.acme.slug}/management-keys/", proven(cast.owner)
    for name in ("CI", "Terraform", "Staying"):
        person.post(page, {"name": name, "role": "viewer", "lifetime": "30"})
    ids = [str(key.pk) for key in ManagementKey.objects.exclude(name="Staying")]
    asked = person.post(f"{page}revoke/", {"key": ids}).content.decode()
    assert "Revoke 2 management keys?" in asked
    assert "Staying" not in asked
    refused = person.post(f"{page}revoke/", {"key": ids, "confirmed": "1", "confirm": "no"})
    assert refused.status_code == 422
    person.post(f"{page}revoke/", {"key": ids, "confirmed": "1", "confirm": "revoke"})
    assert [key.name for key in ManagementKey.objects.filter(revoked_at=None)] == ["Staying"]


def test_key_that_somebody_else_has_ended_is_not_counted(cast: Cast) -> None:
    make(cast, cast.owner)
    access = enter(cast.owner, cast.acme.pk, Permission.MANAGEMENT_KEY_EDIT)
    key = ManagementKey.objects.get()
    assert [services.revoke(actor(cast.owner), access, key) for _ in range(2)] == [True, False]


def test_list_costs_the_same_for_many_keys_and_sorts_them(cast: Cast) -> None:
    page, person = f"/orgs/{cast.acme.slug}/management-keys/", proven(cast.owner)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            person.get(page)
        return len(seen)

    wish = {"role": "viewer", "lifetime": "30"}
    person.post(page, {**wish, "name": "b"})
    few = queries()
    for name in "acd":
        person.post(page, {**wish, "name": name})
    assert queries() == few
    shown = person.get(f"{page}?sort=-name").content.decode()
    places = [shown.index(f"<bdi>{name}</bdi>") for name in "dcba"]
    assert places == sorted(places)
