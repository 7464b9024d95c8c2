"""Ways to an instance: by organization, by id for commands, by URL for people, for operators."""

from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from instances import access, connection
from instances.directory import find_target, find_targets
from instances.models import Instance
from instances.states import Status, Wish
from orgs.access import enter
from orgs.roles import Permission
from redisgate.lib.errors import NotFound
from tests.conftest import Cast
from tests.instances.test_services import make


def test_member_finds_an_instance_by_id_and_by_slug(cast: Cast) -> None:
    instance = make(cast)
    door = enter(cast.viewer, cast.acme.id, Permission.INSTANCE_VIEW)
    assert access.find(door, instance.pk) == access.find(door, "my-cache") == instance
    assert list(access.instances_of(door)) == [instance]


def test_foreign_instance_is_not_found(cast: Cast) -> None:
    instance = make(cast)
    door = enter(cast.outsider, cast.globex.id, Permission.INSTANCE_VIEW)
    for ref in (instance.pk, "my-cache", uuid4()):
        with pytest.raises(NotFound):
            access.find(door, ref)


def test_commands_find_their_way_by_one_query(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    instance = make(cast)
    with django_assert_num_queries(1):
        target = find_target(instance.pk)
    assert target is not None
    assert (target.instance_id, target.organization_id) == (instance.pk, cast.acme.id)
    assert (target.wish, target.status) == (Wish.RUNNING, Status.PENDING)
    assert target.endpoint.port == instance.port
    assert target.endpoint.socket_path is not None
    assert instance.pk.hex in target.endpoint.socket_path
    assert find_target(uuid4()) is None


def test_many_are_found_by_one_query(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    instances = [make(cast), make(cast, name="Other")]
    with django_assert_num_queries(1):
        targets = find_targets([uuid4(), *(instance.pk for instance in instances)])
    assert {target.instance_id for target in targets} == {instance.pk for instance in instances}


def test_a_row_is_read_again_once_it_has_changed(cast: Cast) -> None:
    instance = make(cast)
    before = find_target(instance.pk)
    assert find_target(instance.pk) is before
    Instance.objects.filter(pk=instance.pk).update(status=Status.RUNNING, admin_password="other")
    after = find_target(instance.pk)
    assert before is not None
    assert after is not None
    assert (before.status, after.status) == (Status.PENDING, Status.RUNNING)
    assert before.scope_passwords != after.scope_passwords


def test_urls_are_what_clients_expect(cast: Cast, settings: Settings) -> None:
    settings.PUBLIC_URL, settings.INSTANCE_HOST = "https://redis.example.com", "::1"
    instance = make(cast)
    url = connection.redis_url(instance, user="rg_1", password="a/b@c")
    assert url == f"redis://rg_1:a%2Fb%40c@[::1]:{instance.port}/0"
    assert connection.http_url(instance) == f"https://redis.example.com/redis/{instance.pk}"
