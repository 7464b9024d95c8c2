from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from apikeys import services, verification
from apikeys import token as token_format
from apikeys.models import ApiKey
from apikeys.verification import KeyRefused, Reason, may_use, verify
from instances.acl import Scope
from tests.apikeys.rows import make_key
from tests.conftest import Cast, actor
from tests.rows import add_instance


def reason_for(token: str) -> Reason:
    with pytest.raises(KeyRefused) as refused:
        verify(token)
    return refused.value.reason


def test_key_is_known_by_one_query(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    chosen = [add_instance(cast.acme, slug).pk for slug in ("a", "b", "c")]
    key, token = make_key(cast.owner, cast.acme, instances=chosen, rate_limit=7)
    with django_assert_num_queries(1):
        known = verify(token)
    assert known.key_id == key.pk
    assert known.organization_id == cast.acme.pk
    assert known.acl_user == key.prefix
    assert known.scopes == {Scope.WRITE}
    assert known.instance_ids == frozenset(chosen)
    assert known.rate_limit == 7


def test_forged_key_costs_no_query(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    _, token = make_key(cast.owner, cast.acme)
    head, claims, signature = token.split(".")
    with django_assert_num_queries(0):
        assert reason_for(f"{head}.{claims}.{signature[::-1]}") is Reason.MALFORMED
        assert reason_for("rg_nonsense") is Reason.MALFORMED
        assert reason_for("") is Reason.MALFORMED


def test_key_that_was_signed_but_never_stored_is_unknown(db: None) -> None:
    assert reason_for(token_format.issue(uuid4())) is Reason.UNKNOWN


def test_second_signature_for_a_known_id_is_unknown(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme)
    assert reason_for(token_format.issue(key.pk)) is Reason.UNKNOWN


def test_other_spelling_of_the_same_signature_is_unknown(cast: Cast) -> None:
    _, token = make_key(cast.owner, cast.acme)
    assert reason_for(token + "=") in {Reason.UNKNOWN, Reason.MALFORMED}


def test_revoked_key_is_refused(cast: Cast) -> None:
    key, token = make_key(cast.owner, cast.acme)
    services.revoke(actor(cast.owner), key)
    assert reason_for(token) is Reason.REVOKED


def test_expired_key_is_refused(cast: Cast) -> None:
    key, token = make_key(cast.owner, cast.acme, expires_at=timezone.now() + timedelta(hours=1))
    assert verify(token).expires_at == key.expires_at
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now())
    assert reason_for(token) is Reason.EXPIRED


def test_key_for_all_opens_every_instance_of_its_organization_only(cast: Cast) -> None:
    known = verify(make_key(cast.owner, cast.acme)[1])
    ours, foreign = add_instance(cast.acme), add_instance(cast.globex)
    assert may_use(known, instance_id=ours.pk, organization_id=cast.acme.pk)
    assert not may_use(known, instance_id=foreign.pk, organization_id=cast.globex.pk)


def test_key_for_some_opens_nothing_else(cast: Cast) -> None:
    chosen, other = add_instance(cast.acme, "a"), add_instance(cast.acme, "b")
    known = verify(make_key(cast.owner, cast.acme, instances=[chosen.pk])[1])
    assert may_use(known, instance_id=chosen.pk, organization_id=cast.acme.pk)
    assert not may_use(known, instance_id=other.pk, organization_id=cast.acme.pk)


def test_key_whose_instances_are_gone_opens_nothing(cast: Cast) -> None:
    chosen = add_instance(cast.acme)
    _, token = make_key(cast.owner, cast.acme, instances=[chosen.pk])
    chosen.delete()
    assert verify(token).instance_ids == frozenset()


def test_token_does_not_show_in_the_printed_key(cast: Cast) -> None:
    _, token = make_key(cast.owner, cast.acme)
    assert token not in repr(verification.verify(token))
