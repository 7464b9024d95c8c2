"""Invitations: who may send them, what their links open, and how they end."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from audit.actors import SYSTEM, Means
from audit.models import AuditEvent
from orgs import deletion, suspension
from orgs.invitations import limits as invitation_limits
from orgs.invitations import links as invitation_links
from orgs.invitations import services as invitations
from orgs.members import services as members
from orgs.models import EndedInvitation, Invitation, Organization, SentInvitation
from orgs.refusals import InvitationOver, OrganizationSuspended, TooManyInvitations, WrongInvitee
from orgs.roles import MANAGES, Role
from redisgate.lib import tokens
from redisgate.lib.errors import Conflict, Forbidden, InvalidInput, NotFound
from tests.conftest import Cast, actor, make_user
from tests.orgs.people import add_invitation, membership, role_of

ADDRESS = "nora@example.com"


class Post:
    """What arrives by mail."""

    def __init__(self, capture: DjangoCaptureOnCommitCallbacks) -> None:
        self._capture = capture

    def invite(
        self, by: User, to: Organization, email: str = ADDRESS, role: Role = Role.DEVELOPER
    ) -> Invitation:
        with self._capture(execute=True):
            return invitations.invite(actor(by), to, email=email, role=role)

    def resend(self, by: User, invitation: Invitation) -> None:
        with self._capture(execute=True):
            invitations.resend(actor(by), invitation)

    @property
    def token(self) -> str:
        """The token in the latest mail that has one; others may have followed it."""
        bodies = "\n".join(str(message.body) for message in mail.outbox)
        return str(re.findall(r"\?token=(\S+)", bodies)[-1])

    @property
    def latest(self) -> EmailMultiAlternatives:
        message = mail.outbox[-1]
        assert isinstance(message, EmailMultiAlternatives)
        return message

    @property
    def fingerprint(self) -> str:
        return tokens.fingerprint(self.token)


@pytest.fixture
def post(django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Post:
    return Post(django_capture_on_commit_callbacks)


def words_for(fingerprint: str) -> str:
    with pytest.raises(InvitationOver) as refusal:
        invitation_links.find(fingerprint)
    assert (refusal.value.code, refusal.value.status) == ("invitation_over", 410)
    return refusal.value.message


def expire(invitation: Invitation) -> None:
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now())


def test_mail_says_who_invites_where_to_as_what(cast: Cast, post: Post) -> None:
    post.invite(cast.admin, cast.acme, " Nora@Example.COM ")
    message = post.latest
    assert message.to == [ADDRESS]
    assert message.subject == "adam (adam@example.com) invites you to Acme on RedisGate"
    text, html = str(message.body), str(message.alternatives[0][0])
    for each in (text, html):
        assert "as a developer" in each
        assert "7 days" in each
        assert f"/invitations/?token={post.token}" in each


def test_names_are_text_in_the_mail(cast: Cast, post: Post) -> None:
    Organization.objects.filter(pk=cast.acme.pk).update(name="<b>&Acme")
    post.invite(cast.admin, cast.acme)
    message = post.latest
    assert "<b>&Acme" in message.subject
    assert "<b>&Acme" in str(message.body)
    assert "&lt;b&gt;&amp;Acme" in str(message.alternatives[0][0])


def test_database_knows_the_token_by_its_fingerprint_alone(cast: Cast, post: Post) -> None:
    invitation = post.invite(cast.admin, cast.acme)
    assert invitation.fingerprint == post.fingerprint
    row = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert post.token not in str(row)
    assert post.token not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize("role", Role)
def test_roles_are_given_as_the_table_says(cast: Cast, post: Post, role: Role) -> None:
    people = {Role.OWNER: cast.owner, Role.ADMIN: cast.admin, Role.DEVELOPER: cast.developer}
    by = people.get(role, cast.viewer)
    for given in Role:
        if given in MANAGES[role]:
            post.invite(by, cast.acme, f"{given.value}@example.com", given)
        else:
            with pytest.raises(Forbidden):
                post.invite(by, cast.acme, f"{given.value}@example.com", given)


@pytest.mark.parametrize("email", ["", "nora", "nora@", "a b@example.com", "x" * 300 + "@a.org"])
def test_what_is_no_address_is_refused_beside_the_field(cast: Cast, email: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        invitations.invite(actor(cast.admin), cast.acme, email=email, role=Role.VIEWER)
    assert list(refusal.value.details["errors"]) == ["email"]  # type: ignore[call-overload]


def test_members_are_not_invited(cast: Cast, post: Post) -> None:
    with pytest.raises(Conflict, match="is a member of Acme already"):
        post.invite(cast.admin, cast.acme, "VICTOR@example.com")


def test_address_has_one_open_invitation(cast: Cast, post: Post) -> None:
    post.invite(cast.admin, cast.acme)
    with pytest.raises(Conflict, match="is invited already"):
        post.invite(cast.owner, cast.acme, "NORA@example.com")
    post.invite(cast.outsider, cast.globex)
    assert Invitation.objects.count() == 2


def test_expired_invitation_makes_room_for_another(cast: Cast, post: Post) -> None:
    expire(post.invite(cast.admin, cast.acme))
    former = post.fingerprint
    assert "has expired" in words_for(former)
    post.invite(cast.admin, cast.acme)
    assert "has expired" in words_for(former)
    assert invitation_links.find(post.fingerprint).email == ADDRESS


def test_long_expired_invitations_are_let_go(cast: Cast, post: Post) -> None:
    old, new = add_invitation(cast.acme), add_invitation(cast.acme)
    for invitation, days in ((old, 31), (new, 29)):
        ago = timezone.now() - timedelta(days=days)
        Invitation.objects.filter(pk=invitation.pk).update(expires_at=ago)
    made = post.invite(cast.admin, cast.acme)
    assert set(Invitation.objects.all()) == {new, made}
    assert "has expired" in words_for(old.fingerprint)


def test_accepting_lets_in_and_verifies_the_address(
    cast: Cast, post: Post, settings: Settings
) -> None:
    settings.HAS_MAIL_SERVER = True
    nora = make_user("nora")
    post.invite(cast.admin, cast.acme)
    invitations.accept(actor(nora), nora, post.fingerprint)
    assert role_of(cast.acme, nora) is Role.DEVELOPER
    assert EmailAddress.objects.get(user=nora).verified
    assert "accepted already" in words_for(post.fingerprint)
    actions = AuditEvent.objects.filter(organization_id=cast.acme.id).values_list(
        "action", flat=True
    )
    assert {"invitation.create", "invitation.accept", "member.add"} <= set(actions)


def test_member_by_now_keeps_their_role(cast: Cast, post: Post) -> None:
    nora = make_user("nora")
    post.invite(cast.admin, cast.acme, role=Role.VIEWER)
    members.add_member(actor(nora), cast.acme, nora, Role.ADMIN)
    invitations.accept(actor(nora), nora, post.fingerprint)
    assert role_of(cast.acme, nora) is Role.ADMIN


def test_another_person_is_told_for_whom_it_is(cast: Cast, post: Post) -> None:
    post.invite(cast.admin, cast.acme)
    with pytest.raises(WrongInvitee, match=r"for nora@example\.com.*as otto@example\.com"):
        invitations.accept(actor(cast.outsider), cast.outsider, post.fingerprint)
    assert role_of(cast.acme, cast.outsider) is None


@pytest.mark.parametrize("verified", [True, False])
def test_second_address_counts_once_it_is_verified(cast: Cast, post: Post, verified: bool) -> None:
    EmailAddress.objects.create(user=cast.outsider, email=ADDRESS, verified=verified)
    post.invite(cast.admin, cast.acme)
    if verified:
        invitations.accept(actor(cast.outsider), cast.outsider, post.fingerprint)
    else:
        with pytest.raises(WrongInvitee):
            invitations.accept(actor(cast.outsider), cast.outsider, post.fingerprint)
    assert (role_of(cast.acme, cast.outsider) is Role.DEVELOPER) == verified


def test_nobody_joins_what_is_suspended_until_it_goes_on(cast: Cast, post: Post) -> None:
    nora = make_user("nora")
    post.invite(cast.admin, cast.acme)
    suspension.suspend(SYSTEM, cast.acme, reason="Unpaid.")
    with pytest.raises(OrganizationSuspended, match=r"Unpaid\."):
        invitations.accept(actor(nora), nora, post.fingerprint)
    suspension.resume(SYSTEM, cast.acme)
    assert invitations.accept(actor(nora), nora, post.fingerprint).user == nora


def test_declining_ends_the_link(cast: Cast, post: Post) -> None:
    post.invite(cast.admin, cast.acme)
    invitations.decline(post.fingerprint, means=Means.DASHBOARD, address="127.0.0.1")
    assert "was declined" in words_for(post.fingerprint)
    event = AuditEvent.objects.get(action="invitation.decline")
    assert (event.actor_id, event.actor_label) == (None, ADDRESS)


def test_sending_again_ends_the_former_link(cast: Cast, post: Post) -> None:
    invitation = post.invite(cast.admin, cast.acme)
    former = post.fingerprint
    expire(invitation)
    post.resend(cast.owner, invitation)
    assert "latest mail" in words_for(former)
    assert not invitation_links.find(post.fingerprint).is_expired
    assert len(mail.outbox) == 2


def test_withdrawn_invitation_opens_nothing(cast: Cast, post: Post) -> None:
    invitation = post.invite(cast.admin, cast.acme)
    invitations.withdraw(actor(cast.owner), invitation)
    assert "was withdrawn" in words_for(post.fingerprint)
    with pytest.raises(NotFound):
        invitations.resend(actor(cast.owner), invitation)


def test_admins_leave_invitations_of_owners_alone(cast: Cast, post: Post) -> None:
    invitation = post.invite(cast.owner, cast.acme, role=Role.OWNER)
    with pytest.raises(Forbidden):
        invitations.withdraw(actor(cast.admin), invitation)
    with pytest.raises(Forbidden):
        invitations.resend(actor(cast.admin), invitation)


def test_link_to_a_deleted_organization_says_so(cast: Cast, post: Post) -> None:
    post.invite(cast.admin, cast.acme)
    fingerprint = post.fingerprint
    deletion.delete(actor(cast.owner), cast.acme)
    assert "was deleted" in words_for(fingerprint)


def test_link_that_never_was_asks_for_all_of_it() -> None:
    assert "Is the whole of it there?" in invitation_links.UNKNOWN


@pytest.mark.django_db
def test_unknown_link_is_over() -> None:
    assert words_for("f" * 64) == invitation_links.UNKNOWN


def test_nobody_gets_more_than_three_mails_an_hour(cast: Cast, post: Post) -> None:
    post.resend(cast.owner, invitation := post.invite(cast.admin, cast.acme))
    post.invite(cast.outsider, cast.globex)
    with pytest.raises(TooManyInvitations, match=r"sent to nora@example\.com") as refusal:
        post.resend(cast.admin, invitation)
    assert refusal.value.status == 429
    assert 3500 < (refusal.value.retry_after_seconds or 0) <= 3600
    assert len(mail.outbox) == 3
    SentInvitation.objects.update(sent_at=timezone.now() - timedelta(hours=1))
    post.resend(cast.admin, invitation)


@pytest.mark.parametrize("whose", ["organization", "person"])
def test_mails_of_an_hour_are_limited(cast: Cast, post: Post, whose: str) -> None:
    of = {
        "organization_id": cast.acme.id if whose == "organization" else cast.globex.id,
        "sender_id": cast.owner.id if whose == "organization" else cast.admin.id,
    }
    limit = invitation_limits.SENT_PER_HOUR
    SentInvitation.objects.bulk_create(SentInvitation(address="x", **of) for _ in range(limit))
    with pytest.raises(TooManyInvitations, match="within the last hour"):
        post.invite(cast.admin, cast.acme)
    assert mail.outbox == []


def test_open_invitations_are_limited(cast: Cast, post: Post) -> None:
    soon = timezone.now() + timedelta(days=1)
    Invitation.objects.bulk_create(
        Invitation(
            organization=cast.acme,
            email=f"{number}@example.com",
            role=Role.VIEWER,
            fingerprint=str(number),
            expires_at=soon,
        )
        for number in range(invitation_limits.OPEN_MAX)
    )
    with pytest.raises(TooManyInvitations, match="Withdraw some of them first"):
        post.invite(cast.admin, cast.acme)


def test_words_for_ended_links_are_kept_for_a_while(cast: Cast, post: Post) -> None:
    EndedInvitation.objects.create(
        fingerprint="old", ending="declined", ended_at=timezone.now() - timedelta(days=91)
    )
    invitations.withdraw(actor(cast.admin), post.invite(cast.admin, cast.acme))
    assert EndedInvitation.objects.get().ending == "withdrawn"


def lose_the_right(cast: Cast, how: str) -> None:
    """Take from Adam, an admin, what lets him invite."""
    adams = membership(cast.acme, cast.admin)
    if how == "removed":
        members.remove(actor(cast.owner), adams)
    elif how == "left":
        members.leave(actor(cast.admin), adams)
    else:
        members.change_role(actor(cast.owner), adams, Role.DEVELOPER)


@pytest.mark.parametrize("how", ["removed", "left", "demoted"])
def test_invitations_end_with_the_right_to_send_them(cast: Cast, post: Post, how: str) -> None:
    post.invite(cast.owner, cast.acme, "other@example.com")
    post.invite(cast.admin, cast.acme)
    fingerprint = post.fingerprint
    lose_the_right(cast, how)
    assert [each.email for each in Invitation.objects.all()] == ["other@example.com"]
    nora = make_user("nora")
    with pytest.raises(InvitationOver, match="may not do that any more"):
        invitations.accept(actor(nora), nora, fingerprint)
    event = AuditEvent.objects.get(action="invitation.withdraw")
    assert event.object_label == ADDRESS


def test_former_owner_vouches_for_no_owner(cast: Cast, post: Post) -> None:
    post.invite(cast.owner, cast.acme, "other@example.com", Role.ADMIN)
    post.invite(cast.owner, cast.acme, role=Role.OWNER)
    members.transfer_ownership(actor(cast.owner), membership(cast.acme, cast.admin))
    assert [each.email for each in Invitation.objects.all()] == ["other@example.com"]


def test_suspended_person_vouches_for_nobody(cast: Cast, post: Post) -> None:
    post.invite(cast.admin, cast.acme)
    User.objects.filter(pk=cast.admin.pk).update(is_active=False)
    with pytest.raises(InvitationOver, match="may not do that any more"):
        invitation_links.find(post.fingerprint)


def test_who_sends_again_vouches_from_then_on(cast: Cast, post: Post) -> None:
    post.resend(cast.owner, post.invite(cast.admin, cast.acme))
    lose_the_right(cast, "left")
    nora = make_user("nora")
    invitations.accept(actor(nora), nora, post.fingerprint)
    assert role_of(cast.acme, nora) is Role.DEVELOPER
