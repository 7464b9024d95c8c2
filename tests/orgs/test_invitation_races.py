"""Invitations answered, sent and taken back at the same moment."""

import pytest

from accounts.models import User
from audit.models import AuditEvent
from orgs import deletion, services
from orgs.invitations import links as invitation_links
from orgs.invitations import services as invitations
from orgs.models import EndedInvitation, Invitation, Membership, Organization, SentInvitation
from orgs.refusals import InvitationOver
from orgs.roles import Role
from tests.conftest import actor, make_user
from tests.orgs.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

ADDRESS = "nora@example.com"


@pytest.fixture
def owner() -> User:
    return make_user("olivia")


@pytest.fixture
def acme(owner: User) -> Organization:
    return services.create(actor(owner), owner=owner, name="Acme")


def invite(owner: User, acme: Organization) -> Invitation:
    return invitations.invite(actor(owner), acme, email=ADDRESS, role=Role.VIEWER)


def test_address_invited_many_times_at_once_gets_one_mail(owner: User, acme: Organization) -> None:
    done = at_once([lambda: invite(owner, acme)] * 4)
    assert sorted(done) == [False, False, False, True]
    assert Invitation.objects.count() == SentInvitation.objects.count() == 1


def test_link_followed_twice_at_once_lets_in_once(owner: User, acme: Organization) -> None:
    nora, invitation = make_user("nora"), invite(owner, acme)
    done = at_once([lambda: invitations.accept(actor(nora), nora, invitation.fingerprint)] * 2)
    assert sorted(done) == [False, True]
    assert Membership.objects.filter(user=nora).count() == 1
    assert AuditEvent.objects.filter(action="invitation.accept").count() == 1


def test_invitation_is_either_accepted_or_withdrawn(owner: User, acme: Organization) -> None:
    nora, invitation = make_user("nora"), invite(owner, acme)
    joined, withdrawn = at_once(
        [
            lambda: invitations.accept(actor(nora), nora, invitation.fingerprint),
            lambda: invitations.withdraw(actor(owner), invitation),
        ]
    )
    assert joined != withdrawn
    assert Membership.objects.filter(user=nora).exists() == joined
    assert EndedInvitation.objects.get().ending == ("accepted" if joined else "withdrawn")


def test_nobody_joins_what_is_being_deleted(owner: User, acme: Organization) -> None:
    nora, invitation = make_user("nora"), invite(owner, acme)
    at_once(
        [
            lambda: invitations.accept(actor(nora), nora, invitation.fingerprint),
            lambda: deletion.delete(actor(owner), acme),
        ]
    )
    assert not Organization.objects.exists()
    assert not Membership.objects.exists()
    with pytest.raises(InvitationOver):
        invitation_links.find(invitation.fingerprint)
