import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apikeys.models import ApiKey
from instances.models import Instance
from quotas.models import InstanceQuota
from tests.conftest import Cast
from tests.quotas.rows import add_key, limit, used
from tests.rows import add_instance


def test_each_organization_gets_a_quota_with_default_limits(cast: Cast) -> None:
    quota = InstanceQuota.objects.get(organization=cast.acme)
    assert (quota.instances_limit, quota.memory_mb_limit, quota.api_keys_limit) == (5, 2048, 10)
    assert used(cast.acme) == (0, 0, 0)


def test_instances_and_their_memory_count(cast: Cast) -> None:
    add_instance(cast.acme, memory_mb=64)
    add_instance(cast.acme, memory_mb=32)
    assert used(cast.acme) == (2, 96, 0)
    assert used(cast.globex) == (0, 0, 0)


def test_resize_counts_the_difference(cast: Cast) -> None:
    instance = add_instance(cast.acme, memory_mb=64)
    instance.memory_mb = 100
    instance.save(update_fields=["memory_mb"])
    assert used(cast.acme) == (1, 100, 0)


def test_resize_within_a_full_quota_may_shrink(cast: Cast) -> None:
    limit(cast.acme, memory_mb_limit=64)
    instance = add_instance(cast.acme, memory_mb=64)
    Instance.objects.filter(pk=instance.pk).update(memory_mb=63)
    assert used(cast.acme) == (1, 63, 0)


def test_deleted_instance_gives_everything_back(cast: Cast) -> None:
    add_instance(cast.acme, memory_mb=64).delete()
    assert used(cast.acme) == (0, 0, 0)


def test_instance_that_moves_counts_at_its_new_home(cast: Cast) -> None:
    add_instance(cast.acme, memory_mb=64)
    Instance.objects.update(organization=cast.globex)
    assert used(cast.acme) == (0, 0, 0)
    assert used(cast.globex) == (1, 64, 0)


def test_bulk_writes_count_too(cast: Cast) -> None:
    keys = [ApiKey(organization=cast.acme, scopes=[], prefix=n, fingerprint=n) for n in "abc"]
    ApiKey.objects.bulk_create(keys)
    assert used(cast.acme) == (0, 0, 3)
    ApiKey.objects.all().delete()
    assert used(cast.acme) == (0, 0, 0)


def test_revoked_key_does_not_count(cast: Cast) -> None:
    key = add_key(cast.acme)
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=timezone.now())
    assert used(cast.acme) == (0, 0, 0)
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=timezone.now())
    assert used(cast.acme) == (0, 0, 0)
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=None)
    assert used(cast.acme) == (0, 0, 1)


def test_key_that_is_revoked_from_birth_never_counts(cast: Cast) -> None:
    add_key(cast.acme, revoked_at=timezone.now()).delete()
    assert used(cast.acme) == (0, 0, 0)


@pytest.mark.parametrize(
    ("limits", "constraint"),
    [
        ({"instances_limit": 1}, "instance_quotas_instances_within_limit"),
        ({"memory_mb_limit": 15}, "instance_quotas_memory_mb_within_limit"),
    ],
)
def test_insert_beyond_a_limit_names_the_constraint(
    cast: Cast, limits: dict[str, int], constraint: str
) -> None:
    limit(cast.acme, **limits)
    add_instance(cast.acme, memory_mb=10)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        add_instance(cast.acme, memory_mb=10)
    assert used(cast.acme) == (1, 10, 0)


def test_resize_beyond_the_limit_is_refused(cast: Cast) -> None:
    instance = add_instance(cast.acme, memory_mb=10)
    with pytest.raises(IntegrityError, match="memory_mb_within_limit"), transaction.atomic():
        Instance.objects.filter(pk=instance.pk).update(memory_mb=2049)
    assert used(cast.acme) == (1, 10, 0)


def test_unrevoking_a_key_beyond_the_limit_is_refused(cast: Cast) -> None:
    limit(cast.acme, api_keys_limit=1)
    revoked = add_key(cast.acme, revoked_at=timezone.now())
    add_key(cast.acme)
    with pytest.raises(IntegrityError, match="api_keys_within_limit"), transaction.atomic():
        ApiKey.objects.filter(pk=revoked.pk).update(revoked_at=None)


def test_organization_without_a_quota_row_has_no_room_at_all(cast: Cast) -> None:
    InstanceQuota.objects.filter(organization=cast.acme).delete()
    with pytest.raises(IntegrityError, match="instance_quotas_row_missing"), transaction.atomic():
        add_instance(cast.acme)


def test_changing_an_instances_status_leaves_the_quota_row_alone(cast: Cast) -> None:
    add_instance(cast.acme)
    with connection.cursor() as cursor:
        # A value that the trigger's arithmetic would trip over, if it ran.
        cursor.execute("UPDATE instance_quotas SET memory_mb_used = 0, instances_used = 0")
    Instance.objects.update(status="running", memory_mb=1)
    assert used(cast.acme) == (0, 0, 0)
