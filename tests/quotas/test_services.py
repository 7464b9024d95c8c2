import pytest
from django.db import IntegrityError, transaction

from audit.models import AuditEvent
from orgs.models import Organization
from quotas import services
from quotas.models import InstanceQuota
from quotas.refusals import QuotaExceeded
from quotas.usage import Amount
from redisgate.lib.errors import Conflict, NotFound
from tests.conftest import Cast, actor
from tests.quotas.rows import add_key, limit
from tests.rows import add_instance


def test_refusal_names_the_limit_and_the_way_out(cast: Cast) -> None:
    for _ in range(5):
        add_instance(cast.acme)
    with (
        pytest.raises(QuotaExceeded) as refusal,
        services.refusing("instance", organization=cast.acme),
    ):
        add_instance(cast.acme)
    assert refusal.value.message == (
        "Cannot create instance: you have reached your limit of 5 instances. "
        "Delete unused instances or ask your operator to raise the limit."
    )
    assert refusal.value.details == {"resource": "instances", "limit": 5, "used": 5}
    assert refusal.value.status == 409


def test_memory_refusal_says_what_was_asked_used_and_allowed(cast: Cast) -> None:
    add_instance(cast.acme, memory_mb=1600)
    with (
        pytest.raises(QuotaExceeded) as refusal,
        services.refusing("instance", organization=cast.acme, memory_mb=512),
    ):
        add_instance(cast.acme, memory_mb=512)
    assert refusal.value.message == (
        "Cannot create instance: it asks for 512 MB, and 1,600 MB of your limit of 2 GB are "
        "in use. Choose less memory, delete unused instances or ask your operator to raise "
        "the limit."
    )
    assert refusal.value.details["asked"] == 512


def test_api_key_refusal_says_to_revoke(cast: Cast) -> None:
    limit(cast.acme, api_keys_limit=1)
    add_key(cast.acme)
    with (
        pytest.raises(QuotaExceeded, match=r"your limit of 1 API key\. Revoke unused API keys"),
        services.refusing("API key", organization=cast.acme),
    ):
        add_key(cast.acme)


def test_outer_transaction_survives_a_refusal(cast: Cast) -> None:
    limit(cast.acme, instances_limit=0)
    with transaction.atomic():
        with (
            pytest.raises(QuotaExceeded),
            services.refusing("instance", organization=cast.acme),
        ):
            add_instance(cast.acme)
        Organization.objects.filter(pk=cast.acme.pk).update(description="still writing")
    cast.acme.refresh_from_db()
    assert cast.acme.description == "still writing"


def test_other_integrity_errors_pass_through(cast: Cast) -> None:
    first = add_key(cast.acme)
    with (
        pytest.raises(IntegrityError),
        services.refusing("API key", organization=cast.acme),
    ):
        add_key(cast.acme, id=first.id)


def test_operator_raises_a_limit_and_the_others_stay(cast: Cast) -> None:
    usage = services.set_limits(actor(cast.owner), cast.acme, instances=20)
    assert usage.instances == Amount(used=0, limit=20)
    assert services.usage(cast.acme).memory_mb == Amount(used=0, limit=2048)


def test_change_of_limits_is_audited(cast: Cast) -> None:
    services.set_limits(actor(cast.owner), cast.acme, instances=20, api_keys=30)
    event = AuditEvent.objects.get(action="quota.update")
    assert event.organization_id == cast.acme.id
    assert event.changes == {
        "before": {"instances": 5, "api_keys": 10},
        "after": {"instances": 20, "api_keys": 30},
    }


def test_limit_below_use_is_refused_in_words(cast: Cast) -> None:
    add_instance(cast.acme, memory_mb=512)
    with pytest.raises(Conflict, match="Cannot set the limit to 0 instances: 1 instance is in use"):
        services.set_limits(actor(cast.owner), cast.acme, memory_mb=512, instances=0)
    assert services.usage(cast.acme).memory_mb.limit == 2048


def test_creating_in_an_organization_that_was_just_deleted_finds_nothing(cast: Cast) -> None:
    InstanceQuota.objects.filter(organization=cast.acme).delete()
    with pytest.raises(NotFound), services.refusing("instance", organization=cast.acme):
        add_instance(cast.acme)
