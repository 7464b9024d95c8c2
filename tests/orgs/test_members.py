"""Who may do what to whom, and what is written down of it."""

from collections.abc import Callable
from itertools import product

import pytest

from accounts.models import User
from audit.actors import SYSTEM, Actor, Means
from audit.models import AuditEvent
from orgs import access
from orgs.members import services as members
from orgs.models import Membership
from orgs.refusals import LastOwner
from orgs.roles import MANAGES, PERMISSIONS, Permission, Role
from redisgate.lib.errors import Conflict, Forbidden, NotFound
from tests.conftest import Cast, actor, make_user
from tests.orgs.people import add_member, membership, role_of


def of_role(cast: Cast, role: Role) -> User:
    return {
        Role.OWNER: cast.owner,
        Role.ADMIN: cast.admin,
        Role.DEVELOPER: cast.developer,
        Role.VIEWER: cast.viewer,
    }[role]


def newcomer(cast: Cast, role: Role) -> Membership:
    return members.add_member(SYSTEM, cast.acme, make_user("nora"), role)


def event(action: str) -> AuditEvent:
    return AuditEvent.objects.get(action=action)


def test_added_person_is_a_member_and_it_is_written_down(cast: Cast) -> None:
    members.add_member(actor(cast.outsider), cast.acme, cast.outsider, Role.VIEWER)
    assert role_of(cast.acme, cast.outsider) is Role.VIEWER
    assert event("member.add").object_label == "otto@example.com"
    assert event("member.add").changes == {"role": "viewer"}


def test_adding_a_member_changes_nothing(cast: Cast) -> None:
    members.add_member(SYSTEM, cast.acme, cast.owner, Role.VIEWER)
    assert role_of(cast.acme, cast.owner) is Role.OWNER
    assert not AuditEvent.objects.filter(action="member.add").exists()


@pytest.mark.parametrize("doer", Role)
def test_roles_are_changed_as_the_table_says(cast: Cast, doer: Role) -> None:
    someone = newcomer(cast, Role.VIEWER)
    for before, after in product(Role, Role):
        Membership.objects.filter(pk=someone.pk).update(role=before)
        if {before, after} <= MANAGES[doer]:
            members.change_role(actor(of_role(cast, doer)), someone, after)
            assert role_of(cast.acme, someone.user) is after
        else:
            with pytest.raises(Forbidden):
                members.change_role(actor(of_role(cast, doer)), someone, after)
            assert role_of(cast.acme, someone.user) is before


def test_admins_manage_all_but_owners_and_make_none() -> None:
    assert MANAGES[Role.ADMIN] == set(Role) - {Role.OWNER}
    assert MANAGES[Role.DEVELOPER] == MANAGES[Role.VIEWER] == set()


@pytest.mark.parametrize("role", Role)
def test_who_may_change_members_is_who_manages_some(role: Role) -> None:
    assert (Permission.MEMBER_CHANGE in PERMISSIONS[role]) == bool(MANAGES[role])


@pytest.mark.parametrize("role", [Role.ADMIN, Role.DEVELOPER, Role.VIEWER])
def test_nobody_raises_themselves(cast: Cast, role: Role) -> None:
    me = of_role(cast, role)
    with pytest.raises(Forbidden):
        members.change_role(actor(me), membership(cast.acme, me), Role.OWNER)


def test_change_of_role_is_written_down_once(cast: Cast) -> None:
    victor = membership(cast.acme, cast.viewer)
    members.change_role(actor(cast.admin), victor, Role.DEVELOPER)
    members.change_role(actor(cast.admin), victor, Role.DEVELOPER)
    assert event("member.change_role").changes == {"before": "viewer", "after": "developer"}


@pytest.mark.parametrize("doer", Role)
def test_members_are_removed_as_the_table_says(cast: Cast, doer: Role) -> None:
    me = actor(of_role(cast, doer))
    for role in Role:
        someone = add_member(cast.acme, role)
        if role in MANAGES[doer]:
            members.remove(me, someone)
            assert role_of(cast.acme, someone.user) is None
        else:
            with pytest.raises(Forbidden):
                members.remove(me, someone)
            assert role_of(cast.acme, someone.user) is role


def test_removal_is_written_down(cast: Cast) -> None:
    members.remove(actor(cast.admin), membership(cast.acme, cast.viewer))
    assert event("member.remove").object_label == "victor@example.com"
    assert event("member.remove").changes == {"role": "viewer"}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.DEVELOPER, Role.VIEWER])
def test_everybody_but_the_last_owner_leaves(cast: Cast, role: Role) -> None:
    me = of_role(cast, role)
    members.leave(actor(me), membership(cast.acme, me))
    with pytest.raises(NotFound):
        access.enter(me, cast.acme.id, Permission.ORGANIZATION_VIEW)
    assert event("member.leave").actor_label == me.email


def step_down(me: Actor, mine: Membership) -> None:
    members.change_role(me, mine, Role.ADMIN)


@pytest.mark.parametrize("go", [members.leave, members.remove, step_down])
def test_last_owner_stays_in_words_that_say_the_way_out(
    cast: Cast, go: Callable[[Actor, Membership], None]
) -> None:
    with pytest.raises(LastOwner, match="Make somebody else an owner first") as refusal:
        go(actor(cast.owner), membership(cast.acme, cast.owner))
    assert (refusal.value.code, refusal.value.status) == ("last_owner", 409)
    assert role_of(cast.acme, cast.owner) is Role.OWNER


def test_one_of_two_owners_leaves(cast: Cast) -> None:
    newcomer(cast, Role.OWNER)
    members.leave(actor(cast.owner), membership(cast.acme, cast.owner))
    assert role_of(cast.acme, cast.owner) is None


def test_ownership_goes_to_another_member_and_the_owner_becomes_admin(cast: Cast) -> None:
    members.transfer_ownership(actor(cast.owner), membership(cast.acme, cast.viewer))
    assert role_of(cast.acme, cast.viewer) is Role.OWNER
    assert role_of(cast.acme, cast.owner) is Role.ADMIN
    changes = event("organization.transfer").changes
    assert changes == {"from": "olivia@example.com", "to": "victor@example.com"}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.DEVELOPER, Role.VIEWER])
def test_only_owners_hand_ownership_over(cast: Cast, role: Role) -> None:
    with pytest.raises(Forbidden):
        members.transfer_ownership(
            actor(of_role(cast, role)), membership(cast.acme, of_role(cast, role))
        )
    assert role_of(cast.acme, cast.owner) is Role.OWNER


def test_owner_hands_nothing_over_to_themselves(cast: Cast) -> None:
    with pytest.raises(Conflict, match="Choose somebody else"):
        members.transfer_ownership(actor(cast.owner), membership(cast.acme, cast.owner))


def test_who_is_no_member_any_more_decides_nothing(cast: Cast) -> None:
    me, victor = actor(cast.admin), membership(cast.acme, cast.viewer)
    membership(cast.acme, cast.admin).delete()
    with pytest.raises(NotFound):
        members.remove(me, victor)


def test_member_who_has_left_cannot_be_changed(cast: Cast) -> None:
    victor = membership(cast.acme, cast.viewer)
    members.leave(actor(cast.viewer), membership(cast.acme, cast.viewer))
    with pytest.raises(NotFound, match="They may have left"):
        members.change_role(actor(cast.owner), victor, Role.ADMIN)


def test_operators_stand_as_owners(cast: Cast) -> None:
    operator = User.objects.create_superuser("root", "root@example.com", "correct horse")
    me = Actor(user_id=operator.id, label=operator.email, means=Means.DASHBOARD)
    members.change_role(me, membership(cast.acme, cast.viewer), Role.OWNER)
    assert role_of(cast.acme, cast.viewer) is Role.OWNER
