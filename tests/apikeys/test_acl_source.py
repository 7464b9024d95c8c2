from datetime import timedelta

from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apikeys import services
from apikeys.acl_source import source
from apikeys.models import ApiKey
from instances import acl_sources
from instances.acl import Scope, rules_for
from tests.apikeys.rows import make_key
from tests.conftest import Cast, actor
from tests.rows import add_instance


def names(cast: Cast, *, slug: str) -> set[str]:
    return {user.name for user in source(cast.acme.instances.get(slug=slug)).users}


def test_key_is_a_user_with_the_rules_of_its_scope(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme, scopes=["read"], key_patterns=["cache:*"])
    (user,) = source(add_instance(cast.acme)).users
    assert (user.name, user.password_sha256) == (key.prefix, key.fingerprint)
    assert user.rules == rules_for({Scope.READ}, ["cache:*"])


def test_key_is_a_user_where_it_works_and_nowhere_else(cast: Cast) -> None:
    chosen = add_instance(cast.acme, "a")
    add_instance(cast.acme, "b")
    everywhere, _ = make_key(cast.owner, cast.acme)
    narrow, _ = make_key(cast.owner, cast.acme, instances=[chosen.pk])
    make_key(cast.outsider, cast.globex)
    assert names(cast, slug="a") == {everywhere.prefix, narrow.prefix}
    assert names(cast, slug="b") == {everywhere.prefix}


def test_revoked_and_expired_keys_are_no_users(cast: Cast) -> None:
    instance = add_instance(cast.acme)
    revoked, _ = make_key(cast.owner, cast.acme)
    services.revoke(actor(cast.owner), revoked)
    expired, _ = make_key(cast.owner, cast.acme)
    ApiKey.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    assert source(instance).users == ()


def test_share_is_valid_until_the_first_key_expires(cast: Cast) -> None:
    instance = add_instance(cast.acme)
    make_key(cast.owner, cast.acme)
    assert source(instance).valid_until is None
    soon, later = (timezone.now() + timedelta(hours=hours) for hours in (1, 2))
    make_key(cast.owner, cast.acme, expires_at=later)
    make_key(cast.owner, cast.acme, expires_at=soon)
    assert source(instance).valid_until == soon


def test_share_costs_one_query(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    instance = add_instance(cast.acme)
    for _ in range(3):
        make_key(cast.owner, cast.acme, instances=[instance.pk])
    with django_assert_num_queries(1):
        assert len(source(instance).users) == 3


def test_control_loop_collects_keys(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme)
    users = acl_sources.collect(add_instance(cast.acme)).users
    assert key.prefix in {user.name for user in users}
