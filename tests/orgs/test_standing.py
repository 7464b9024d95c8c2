from collections.abc import Callable
from importlib import import_module
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.sessions import people_of, person_of
from orgs.access import Access
from orgs.members import services as members
from orgs.models import Membership
from orgs.roles import Permission, Role
from orgs.standing import Asker, Refused, standings
from tests.conftest import Cast, actor


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def ended_by_a_new_password(user: User) -> None:
    user.set_password("another long secret")
    user.save()


def ended_by_the_operator(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def ended_by_time(user: User) -> None:
    Session.objects.update(expire_date="2020-01-01T00:00:00Z")


def forged(user: User) -> None:
    Session.objects.update(session_data="forged:text")


def emptied(user: User) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    Session.objects.update(session_data=store().encode({}))


def signed_out(user: User) -> None:
    Session.objects.all().delete()


def deleted(user: User) -> None:
    user.memberships.all().delete()
    user.delete()


def test_many_people_are_found_in_two_queries(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = {session_of(each): each for each in (cast.owner, cast.viewer, cast.outsider)}
    with django_assert_num_queries(2):
        assert people_of({*people, "no-such-session"}) == people


@pytest.mark.parametrize(
    "end",
    [
        ended_by_a_new_password,
        ended_by_the_operator,
        ended_by_time,
        forged,
        emptied,
        deleted,
        signed_out,
    ],
    ids=lambda end: end.__name__,
)
def test_ended_session_is_nobodys_one_by_one_and_together(
    cast: Cast, end: Callable[[User], None]
) -> None:
    session = session_of(cast.viewer)
    assert person_of(session) == people_of({session})[session] == cast.viewer
    end(cast.viewer)
    assert people_of({session}) == {}
    assert person_of(session) is None


def test_each_asker_gets_the_answer_of_the_door(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    member, stranger = session_of(cast.viewer), session_of(cast.outsider)
    askers = [
        Asker(member, cast.acme.id),
        Asker(member, cast.globex.id),
        Asker(member, uuid4()),
        Asker(stranger, cast.globex.id),
        Asker(None, cast.acme.id),
        Asker("ended", cast.acme.id),
    ]
    with django_assert_num_queries(3):
        found = standings(askers, Permission.INSTANCE_VIEW)
    answers = [found[asker] for asker in askers]
    assert isinstance(answers[0], Access)
    assert isinstance(answers[3], Access)
    assert answers[0].user == cast.viewer
    assert answers[0].organization == cast.acme
    assert answers[1:3] == [Refused.NOT_FOUND, Refused.NOT_FOUND]
    assert answers[4:] == [Refused.NOT_SIGNED_IN, Refused.NOT_SIGNED_IN]


def test_role_too_low_is_not_allowed_and_an_ended_membership_is_not_found(cast: Cast) -> None:
    asker = Asker(session_of(cast.viewer), cast.acme.id)
    assert standings([asker], Permission.INSTANCE_CREATE) == {asker: Refused.NOT_ALLOWED}
    Membership.objects.filter(user=cast.viewer).delete()
    assert standings([asker], Permission.INSTANCE_VIEW) == {asker: Refused.NOT_FOUND}


def test_removal_and_a_lower_role_end_what_is_open(cast: Cast) -> None:
    victor = Membership.objects.get(organization=cast.acme, user=cast.viewer)
    dora = Membership.objects.get(organization=cast.acme, user=cast.developer)
    gone, lowered = (
        Asker(session_of(user), cast.acme.id) for user in (cast.viewer, cast.developer)
    )
    members.remove(actor(cast.admin), victor)
    members.change_role(actor(cast.admin), dora, Role.VIEWER)
    found = standings([gone, lowered], Permission.DATA_EDIT)
    assert found == {gone: Refused.NOT_FOUND, lowered: Refused.NOT_ALLOWED}
