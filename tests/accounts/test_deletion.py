"""The end of an account, and what becomes of its organizations."""

import pytest
from django.core import mail
from django.test import Client

from accounts import access_tokens, deletion
from accounts.models import User
from audit.models import AuditEvent
from instances.states import Wish
from orgs import deletion as organizations
from orgs import services
from orgs.models import Membership, Organization
from orgs.roles import Role
from redisgate.lib.errors import Conflict
from tests import clients
from tests.accounts.people import add_totp, code_of, logged_in, proven
from tests.conftest import PASSWORD, Cast, actor, make_user
from tests.quotas.rows import add_key
from tests.rows import add_instance

pytestmark = pytest.mark.django_db

PAGE = "/accounts/delete/"


@pytest.fixture
def olivia() -> User:
    return make_user("olivia")


def organization_of(user: User, name: str = "Acme") -> Organization:
    return services.create(actor(user), owner=user, name=name)


def words_of(user: User) -> dict[str, str]:
    return {each.name: each.words for each in deletion.consequences(user)}


def test_account_goes_with_its_empty_organization(olivia: User) -> None:
    organization_of(olivia)
    client = proven(olivia)
    other = logged_in(olivia)
    token = access_tokens.issue(olivia)
    page = client.get(PAGE).text
    assert "Nobody else is in it, and it is empty: it is deleted, too." in page
    gone = client.post(PAGE, {"confirm": "olivia"}, follow=True)
    assert "Your account is deleted." in gone.text
    assert not User.objects.exists()
    assert not Organization.objects.exists()
    assert other.get("/accounts/profile/").status_code == 302
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get("/auth/me", headers=headers).json()["code"] == "account_inactive"


def test_deletion_is_noted_and_outlives_the_person(olivia: User) -> None:
    organization_of(olivia)
    deletion.delete(actor(olivia), olivia)
    noted = AuditEvent.objects.filter(actor_label="olivia@example.com")
    assert {"account.delete", "organization.delete"} <= set(noted.values_list("action", flat=True))
    assert mail.outbox[-1].subject == "Your RedisGate account is deleted"
    assert mail.outbox[-1].to == ["olivia@example.com"]


def test_deletion_needs_the_typed_name_and_the_password(olivia: User) -> None:
    client = logged_in(olivia)
    asked = client.post(PAGE, {"confirm": "olivia"})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.exists()
    refused = proven(olivia).post(PAGE, {"confirm": "olivier"})
    assert (refused.status_code, User.objects.count()) == (422, 1)


def test_last_owner_has_to_hand_over_first(cast: Cast) -> None:
    words = "You are its only owner, and it has 3 other members."
    assert words in words_of(cast.owner)["Acme"]
    client = proven(cast.owner)
    page = client.get(PAGE).text
    assert "Your account can&#x27;t be deleted yet" in page or "can't be deleted yet" in page
    assert "/orgs/acme/settings/" in page
    client.post(PAGE, {"confirm": "olivia"})
    assert User.objects.filter(pk=cast.owner.pk).exists()

    Membership.objects.filter(user=cast.admin).update(role=Role.OWNER)
    deletion.delete(actor(cast.owner), cast.owner)
    assert cast.acme.memberships.count() == 3


def test_member_just_leaves(cast: Cast) -> None:
    assert words_of(cast.viewer) == {"Acme": "You leave it, and it stays with 3 other members."}
    deletion.delete(actor(cast.viewer), cast.viewer)
    assert Organization.objects.filter(pk=cast.acme.pk).exists()
    assert cast.acme.memberships.count() == 3


def test_what_goes_with_the_account_is_said_in_numbers(olivia: User) -> None:
    acme = organization_of(olivia)
    add_instance(acme)
    add_instance(acme)
    add_key(acme)
    said = "Nobody else is in it: it is deleted with 2 instances and 1 API key, and all their data."
    assert words_of(olivia)["Acme"] == said
    deletion.delete(actor(olivia), olivia)
    acme.refresh_from_db()
    assert acme.is_deleting  # its servers take their time to end
    assert set(acme.instances.values_list("wish", flat=True)) == {Wish.DELETED}


def test_organization_that_is_going_already_hinders_nobody(cast: Cast) -> None:
    organizations.delete(actor(cast.owner), cast.acme)
    assert words_of(cast.owner) == {}
    deletion.delete(actor(cast.owner), cast.owner)


def test_only_operator_stays(olivia: User) -> None:
    olivia.is_staff = olivia.is_superuser = True
    olivia.save()
    with pytest.raises(Conflict, match="You are its only operator"):
        deletion.delete(actor(olivia), olivia)
    User.objects.create_superuser(username="root", email="root@example.com", password=PASSWORD)
    deletion.delete(actor(olivia), olivia)


def test_program_deletes_its_account_with_the_password(olivia: User) -> None:
    organization_of(olivia)
    secret = add_totp(olivia)
    program = clients.program(olivia)
    assert program.delete("/auth/me").json()["code"] == "invalid_input"
    assert program.delete("/auth/me", {"password": "wrong"}).json()["code"] == "wrong_credentials"
    assert program.delete("/auth/me", {"password": PASSWORD}).json()["code"] == "mfa_required"
    proof = {"password": PASSWORD, "totp": code_of(secret)}
    assert program.delete("/auth/me", proof).status_code == 204
    assert not User.objects.exists()


def test_program_is_told_what_hinders(cast: Cast) -> None:
    refused = clients.program(cast.owner).delete("/auth/me", {"password": PASSWORD})
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert refused.json()["hindrances"][0]["name"] == "Acme"
