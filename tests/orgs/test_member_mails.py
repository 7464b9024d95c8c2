"""Members learn by mail what others decided about them."""

from django.core import mail

from orgs import deletion
from orgs.members import services as members
from orgs.roles import Role
from tests.conftest import Cast, actor
from tests.orgs.people import membership


def test_changed_and_removed_member_is_told(cast: Cast) -> None:
    victor = membership(cast.acme, cast.viewer)
    members.change_role(actor(cast.owner), victor, Role.DEVELOPER)
    members.remove(actor(cast.owner), victor)
    changed, removed = mail.outbox
    assert changed.subject == "Your role in Acme is developer now"
    assert removed.subject == "You were removed from Acme on RedisGate"
    assert changed.to == removed.to == ["victor@example.com"]


def test_new_owner_is_told(cast: Cast) -> None:
    members.transfer_ownership(actor(cast.owner), membership(cast.acme, cast.viewer))
    assert [each.subject for each in mail.outbox] == ["You own Acme on RedisGate now"]


def test_owners_and_admins_are_told_of_a_deletion(cast: Cast) -> None:
    deletion.delete(actor(cast.owner), cast.acme)
    assert {each.to[0] for each in mail.outbox} == {cast.owner.email, cast.admin.email}
    assert {each.subject for each in mail.outbox} == {"Acme on RedisGate is deleted"}


def test_who_leaves_gets_no_mail(cast: Cast) -> None:
    members.leave(actor(cast.viewer), membership(cast.acme, cast.viewer))
    assert not mail.outbox
