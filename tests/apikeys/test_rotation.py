from datetime import timedelta

import pytest
from django.utils import timezone

from apikeys import rotation, services, usage
from apikeys.acl_source import source
from apikeys.models import ApiKey, SecretUse
from apikeys.usage import Amounts, Secret, Slot
from apikeys.verification import KeyRefused, Reason, verify
from audit.models import AuditEvent
from redisgate.lib import tokens
from redisgate.lib.errors import Conflict, InvalidInput
from tests.apikeys.rows import make_key
from tests.conftest import Cast, actor
from tests.rows import add_instance

DAY = timedelta(days=1)


def reason_for(token: str) -> Reason:
    with pytest.raises(KeyRefused) as refused:
        verify(token)
    return refused.value.reason


def test_both_secrets_open_the_same_until_the_grace_is_over(cast: Cast) -> None:
    key, former = make_key(cast.owner, cast.acme)
    before = timezone.now()
    token = rotation.rotate(actor(cast.owner), key, grace=DAY)
    assert verify(token).key_id == verify(former).key_id == key.pk
    assert verify(token).expires_at is None
    until = verify(former).expires_at
    assert until is not None
    assert before + DAY <= until <= timezone.now() + DAY
    assert (verify(token).rotating_hint, verify(former).rotating_hint) == (
        key.hint,
        key.former_hint,
    )
    ApiKey.objects.filter(pk=key.pk).update(former_until=timezone.now())
    assert reason_for(former) is Reason.EXPIRED
    assert verify(token).rotating_hint == ""


def test_server_gets_one_user_with_two_passwords(cast: Cast) -> None:
    instance = add_instance(cast.acme)
    key, former = make_key(cast.owner, cast.acme)
    token = rotation.rotate(actor(cast.owner), key, grace=DAY)
    share = source(instance)
    [user] = share.users
    assert user.passwords_sha256 == (tokens.fingerprint(token), tokens.fingerprint(former))
    assert share.valid_until == key.former_until
    rotation.end_former(actor(cast.owner), key)
    [user] = source(instance).users
    assert user.passwords_sha256 == (tokens.fingerprint(token),)
    assert source(instance).valid_until is None


def test_without_a_grace_the_former_secret_is_dead_at_once(cast: Cast) -> None:
    key, former = make_key(cast.owner, cast.acme)
    token = rotation.rotate(actor(cast.owner), key, grace=timedelta(0))
    assert reason_for(former) is Reason.UNKNOWN
    assert verify(token).key_id == key.pk


def test_former_secret_is_ended_now(cast: Cast) -> None:
    key, former = make_key(cast.owner, cast.acme)
    token = rotation.rotate(actor(cast.owner), key, grace=DAY)
    rotation.end_former(actor(cast.owner), key)
    rotation.end_former(actor(cast.owner), key)
    assert reason_for(former) is Reason.UNKNOWN
    assert verify(token).key_id == key.pk
    assert AuditEvent.objects.filter(action="api_key.end_former_secret").count() == 1


def test_former_secret_never_outlives_the_key(cast: Cast) -> None:
    ends_at = timezone.now() + timedelta(hours=2)
    key, former = make_key(cast.owner, cast.acme, expires_at=ends_at)
    rotation.rotate(actor(cast.owner), key, grace=DAY)
    assert verify(former).expires_at == ends_at
    services.revoke(actor(cast.owner), key)
    assert reason_for(former) is Reason.REVOKED


def test_third_secret_is_refused_unless_both_others_end(cast: Cast) -> None:
    key, first = make_key(cast.owner, cast.acme)
    second = rotation.rotate(actor(cast.owner), key, grace=DAY)
    with pytest.raises(Conflict, match="has two at most"):
        rotation.rotate(actor(cast.owner), key, grace=DAY)
    third = rotation.rotate(actor(cast.owner), key, grace=timedelta(0))
    assert reason_for(first) is reason_for(second) is Reason.UNKNOWN
    assert verify(third).key_id == key.pk


def test_of_two_who_rotate_at_once_one_does(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme)
    stale = ApiKey.objects.get(pk=key.pk)
    token = rotation.rotate(actor(cast.owner), key, grace=timedelta(0))
    with pytest.raises(Conflict, match="a moment ago"):
        rotation.rotate(actor(cast.admin), stale, grace=timedelta(0))
    assert verify(token).key_id == key.pk


def test_key_that_has_ended_gets_no_secret(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme)
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now())
    key.refresh_from_db()
    with pytest.raises(Conflict, match="has expired"):
        rotation.rotate(actor(cast.owner), key, grace=DAY)
    services.revoke(actor(cast.owner), key)
    with pytest.raises(Conflict, match="revoked for good"):
        rotation.rotate(actor(cast.owner), key, grace=DAY)
    with pytest.raises(InvalidInput, match="one of 0, 3600, 86400, 604800"):
        rotation.rotate(actor(cast.owner), key, grace=timedelta(hours=3))


def test_rotation_is_written_down_without_a_secret(cast: Cast) -> None:
    key, former = make_key(cast.owner, cast.acme)
    token = rotation.rotate(actor(cast.owner), key, grace=DAY)
    event = AuditEvent.objects.get(action="api_key.rotate")
    assert event.changes == {"hint": key.hint, "grace_seconds": 86400}
    for secret in (token, former):
        assert secret not in str(ApiKey.objects.filter(pk=key.pk).values().get())


def test_who_uses_which_secret_is_kept_with_the_latest_time(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme)
    rotation.rotate(actor(cast.owner), key, grace=DAY)
    now = timezone.now()
    slot = {Slot(key.pk, key.pk, now): Amounts(1)}
    old = Secret(key.pk, key.former_hint or "", "10.0.0.1", "curl/8")
    new = old._replace(hint=key.hint, address="10.0.0.2")
    usage.write(slot, {}, {old: now - DAY, new: now})
    usage.write(slot, {}, {old: now})
    uses = SecretUse.objects.filter(key=key).order_by("address")
    assert [(use.hint, use.address, use.at) for use in uses] == [
        (key.former_hint, "10.0.0.1", now),
        (key.hint, "10.0.0.2", now),
    ]


def test_of_very_many_users_of_a_secret_the_latest_are_kept(cast: Cast) -> None:
    key, _ = make_key(cast.owner, cast.acme)
    now = timezone.now()
    slot = {Slot(key.pk, key.pk, now): Amounts(1)}
    for first in (0, 80):
        seen = {
            Secret(key.pk, "h", f"10.0.0.{number}", ""): now + timedelta(seconds=number)
            for number in range(first, first + 80)
        }
        usage.write(slot, {}, seen)
    assert SecretUse.objects.count() == usage.SECRET_USES_MAX
    assert not SecretUse.objects.filter(address="10.0.0.59").exists()
