from datetime import timedelta

import pytest
from django.utils import timezone

from apikeys import editing, services
from apikeys.models import ApiKey, KeyStatus
from apikeys.terms import BrokenTerms
from apikeys.verification import may_use, verify
from audit.models import AuditEvent
from instances.models import Instance
from redisgate.lib.errors import Conflict
from tests.apikeys.rows import make_key
from tests.conftest import Cast, actor
from tests.rows import add_instance


def acl_wish(instance: Instance) -> int:
    return Instance.objects.get(pk=instance.pk).acl_wish


def test_what_is_named_changes_and_the_rest_stays(cast: Cast) -> None:
    key, token = make_key(cast.owner, cast.acme, key_patterns=["a:*"])
    editing.edit(actor(cast.admin), key, name=" Shop ", rate_limit=7, networks=["10.0.0.0/8"])
    known = verify(token)
    assert (known.name, known.rate_limit, known.networks) == ("Shop", 7, ("10.0.0.0/8",))
    assert known.has_key_patterns
    assert key.key_patterns == ["a:*"]


def test_change_is_written_down_before_and_after(cast: Cast) -> None:
    key, token = make_key(cast.owner, cast.acme)
    editing.edit(actor(cast.admin), key, scopes=["read"], name=key.name)
    event = AuditEvent.objects.get(action="api_key.update")
    assert event.changes == {"before": {"scopes": ["write"]}, "after": {"scopes": ["read"]}}
    assert (event.actor_id, event.object_id) == (cast.admin.pk, key.pk)
    assert token not in str(event.changes)


def test_change_of_nothing_is_no_event(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme)
    editing.edit(actor(cast.owner), key, name=key.name, scopes=["write"])
    assert not AuditEvent.objects.filter(action="api_key.update").exists()


def test_servers_are_told_of_what_concerns_them_alone(cast: Cast) -> None:
    instance = add_instance(cast.acme)
    key, _ = make_key(cast.owner, cast.acme)
    before = acl_wish(instance)
    editing.edit(actor(cast.owner), key, name="Other", rate_limit=3)
    assert acl_wish(instance) == before
    editing.edit(actor(cast.owner), key, scopes=["read"])
    assert acl_wish(instance) == before + 1


def test_instance_that_is_taken_away_is_told_and_closed(cast: Cast) -> None:
    kept, taken = add_instance(cast.acme, "a"), add_instance(cast.acme, "b")
    key, token = make_key(cast.owner, cast.acme)
    before = acl_wish(kept), acl_wish(taken)
    editing.edit(actor(cast.owner), key, instances=[kept.pk])
    known = verify(token)
    assert (acl_wish(kept), acl_wish(taken)) == (before[0] + 1, before[1] + 1)
    assert may_use(known, instance_id=kept.pk, organization_id=cast.acme.pk)
    assert not may_use(known, instance_id=taken.pk, organization_id=cast.acme.pk)
    editing.edit(actor(cast.owner), key, instances=None)
    assert verify(token).instance_ids is None


def test_expired_key_works_again_with_a_later_end(cast: Cast) -> None:
    key, token = make_key(cast.owner, cast.acme, expires_at=timezone.now() + timedelta(hours=1))
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now() - timedelta(hours=1))
    key.refresh_from_db()
    editing.edit(actor(cast.owner), key, name="Still expired")
    assert key.status is KeyStatus.EXPIRED
    editing.edit(actor(cast.owner), key, expires_at=timezone.now() + timedelta(days=30))
    assert verify(token).expires_at == key.expires_at


def test_broken_rule_changes_nothing(cast: Cast) -> None:
    key, token = make_key(cast.owner, cast.acme)
    with pytest.raises(BrokenTerms, match="not a scope"):
        editing.edit(actor(cast.owner), key, name="Other", scopes=["root"])
    foreign = add_instance(cast.globex)
    with pytest.raises(BrokenTerms, match="There is no instance"):
        editing.edit(actor(cast.owner), key, name="Other", instances=[foreign.pk])
    assert verify(token).name == "Web shop"


def test_revoked_key_stays_as_it_is(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme)
    services.revoke(actor(cast.owner), key)
    with pytest.raises(Conflict, match="revoked for good"):
        editing.edit(actor(cast.owner), key, name="Other")
