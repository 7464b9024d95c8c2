"""Two owners go at once: one of them is the last, and stays."""

from collections.abc import Callable

import pytest

from accounts.models import User
from audit.actors import SYSTEM, Actor
from orgs import services
from orgs.members import services as members
from orgs.models import Membership
from orgs.roles import Role
from tests.conftest import actor, make_user
from tests.orgs.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)

Going = Callable[[Actor, Membership, Membership], None]


def leave(me: Actor, mine: Membership, theirs: Membership) -> None:
    members.leave(me, mine)


def step_down(me: Actor, mine: Membership, theirs: Membership) -> None:
    members.change_role(me, mine, Role.VIEWER)


def remove_the_other(me: Actor, mine: Membership, theirs: Membership) -> None:
    members.remove(me, theirs)


def lower_the_other(me: Actor, mine: Membership, theirs: Membership) -> None:
    members.change_role(me, theirs, Role.ADMIN)


@pytest.mark.parametrize("going", [leave, step_down, remove_the_other, lower_the_other])
def test_of_two_owners_who_go_at_once_one_stays(going: Going) -> None:
    first, second = make_user("first"), make_user("second")
    acme = services.create(actor(first), owner=first, name="Acme")
    mine = Membership.objects.get(organization=acme)
    theirs = members.add_member(SYSTEM, acme, second, Role.OWNER)
    done = at_once(
        [
            lambda: going(actor(first), mine, theirs),
            lambda: going(actor(second), theirs, mine),
        ]
    )
    assert sorted(done) == [False, True]
    assert Membership.objects.filter(organization=acme, role=Role.OWNER).count() == 1


def test_person_added_many_times_at_once_is_a_member_once() -> None:
    owner, nora = make_user("olivia"), make_user("nora")
    acme = services.create(actor(owner), owner=owner, name="Acme")
    added = at_once([lambda: add(nora)] * 4)
    assert added == [True] * 4
    assert Membership.objects.filter(organization=acme, user=nora).count() == 1


def add(user: User) -> None:
    acme = Membership.objects.get(user__username="olivia").organization
    members.add_member(SYSTEM, acme, user, Role.DEVELOPER)
