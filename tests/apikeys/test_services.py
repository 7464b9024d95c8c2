from uuid import uuid4

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from apikeys import receivers, services
from apikeys.models import ApiKey, KeyStatus
from audit.models import AuditEvent
from instances.models import Instance
from orgs import deletion
from quotas.models import InstanceQuota
from redisgate.lib import tokens
from redisgate.lib.errors import InvalidInput, RedisGateError
from tests.apikeys.rows import make_key
from tests.conftest import Cast, actor
from tests.rows import add_instance


def acl_wish(instance: Instance) -> int:
    return Instance.objects.get(pk=instance.pk).acl_wish


def test_only_the_fingerprint_is_stored(cast: Cast) -> None:
    key, token = make_key(cast.owner, cast.acme)
    stored = ApiKey.objects.filter(pk=key.pk).values().get()
    assert stored["fingerprint"] == tokens.fingerprint(token)
    assert not any(token in str(value) for value in stored.values())


def test_creation_is_written_down_without_the_token(cast: Cast) -> None:
    key, token = make_key(cast.owner, cast.acme)
    event = AuditEvent.objects.get(action="api_key.create")
    assert (event.object_id, event.organization_id) == (key.pk, cast.acme.pk)
    assert token not in str(event.changes)


def test_key_remembers_who_made_it(cast: Cast) -> None:
    key, _ = make_key(cast.developer, cast.acme)
    assert key.created_by == cast.developer


def test_servers_of_the_organization_are_told_of_a_new_key(cast: Cast) -> None:
    ours, foreign = add_instance(cast.acme), add_instance(cast.globex)
    before = acl_wish(ours), acl_wish(foreign)
    make_key(cast.owner, cast.acme)
    assert (acl_wish(ours), acl_wish(foreign)) == (before[0] + 1, before[1])


def test_only_chosen_servers_are_told_of_a_narrow_key(cast: Cast) -> None:
    chosen, other = add_instance(cast.acme, "a"), add_instance(cast.acme, "b")
    before = acl_wish(chosen), acl_wish(other)
    key, _ = make_key(cast.owner, cast.acme, instances=[chosen.pk])
    services.revoke(actor(cast.owner), key)
    assert (acl_wish(chosen), acl_wish(other)) == (before[0] + 2, before[1])


def test_foreign_instance_is_refused_like_one_that_never_was(cast: Cast) -> None:
    foreign, unknown = add_instance(cast.globex).pk, uuid4()
    said = []
    for pk in (foreign, unknown):
        with pytest.raises(InvalidInput) as refused:
            make_key(cast.owner, cast.acme, instances=[pk])
        said.append(refused.value.message.replace(str(pk), "ID"))
    assert said[0] == said[1] == "There is no instance ID in Acme."
    assert not ApiKey.objects.exists()


def test_key_past_the_limit_is_refused_with_the_way_out(cast: Cast) -> None:
    InstanceQuota.objects.filter(organization=cast.acme).update(api_keys_limit=1)
    make_key(cast.owner, cast.acme)
    with pytest.raises(RedisGateError, match="limit of 1") as refused:
        make_key(cast.owner, cast.acme)
    assert refused.value.code == "quota_exceeded"
    assert ApiKey.objects.count() == 1


def test_revoked_key_makes_room_for_another(cast: Cast) -> None:
    InstanceQuota.objects.filter(organization=cast.acme).update(api_keys_limit=1)
    key, _ = make_key(cast.owner, cast.acme)
    services.revoke(actor(cast.owner), key)
    another, _ = make_key(cast.owner, cast.acme)
    assert list(ApiKey.objects.active()) == [another]


def test_revoking_twice_is_revoking_once(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme)
    stale = ApiKey.objects.get(pk=key.pk)
    services.revoke(actor(cast.owner), key)
    services.revoke(actor(cast.admin), stale)
    assert stale.revoked_at == key.revoked_at
    assert AuditEvent.objects.filter(action="api_key.revoke").count() == 1
    assert stale.status is KeyStatus.REVOKED


def test_deleting_an_organization_outlives_what_workers_trust(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    make_key(cast.owner, cast.acme)
    for organization, waits in ((cast.acme, 1), (cast.globex, 0)):
        with django_capture_on_commit_callbacks() as waiting:
            deletion.delete(actor(cast.owner), organization)
        assert waiting.count(receivers.outlive_trust) == waits, organization.name


def test_organizations_that_go_together_wait_once(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    both = (cast.acme, cast.globex)
    for organization in both:
        make_key(cast.owner, organization)
    with django_capture_on_commit_callbacks() as waiting:
        for organization in both:
            deletion.delete(actor(cast.owner), organization)
    assert waiting.count(receivers.outlive_trust) == 1
