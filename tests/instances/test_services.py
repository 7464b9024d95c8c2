"""What may be wished of instances, and the words where it may not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from audit.actions import Action
from audit.models import AuditEvent
from instances import services
from instances.models import Instance
from instances.presets import Purpose
from instances.states import Status, Wish
from orgs.models import Organization
from quotas.models import InstanceQuota
from redisgate.lib.errors import Conflict, InvalidInput, RedisGateError, Unavailable
from tests.conftest import Cast, actor


def make(cast: Cast, name: str = "My cache", **wish: object) -> Instance:
    wishes: dict[str, object] = {"memory_mb": 64, "purpose": "cache", **wish}
    return services.create(actor(cast.developer), cast.acme, name=name, **wishes)  # type: ignore[arg-type]


def fresh(instance: Instance) -> Instance:
    return Instance.objects.get(pk=instance.pk)


def actions(organization: Organization) -> list[str]:
    events = AuditEvent.objects.filter(organization_id=organization.id).order_by("at")
    return [event.action for event in events if event.action.startswith("instance.")]


def test_new_instance_is_pending_and_wishes_to_run(cast: Cast, settings: Settings) -> None:
    instance = fresh(make(cast))
    assert (instance.slug, instance.status, instance.wish) == ("my-cache", "pending", "running")
    assert (instance.eviction_policy, instance.persistence) == ("allkeys-lru", "none")
    assert instance.port in settings.INSTANCE_PORTS
    assert len({instance.password, instance.admin_password}) == 2
    assert actions(cast.acme) == [Action.INSTANCE_CREATE]


def test_store_keeps_everything_on_disk(cast: Cast) -> None:
    instance = make(cast, purpose=Purpose.STORE)
    assert (instance.eviction_policy, instance.persistence) == ("noeviction", "aof")


def test_names_that_make_the_same_slug_get_numbers(cast: Cast) -> None:
    slugs = [make(cast, name).slug for name in ("My cache", "my-cache!", "My, cache")]
    assert slugs == ["my-cache", "my-cache-2", "my-cache-3"]


def test_name_without_letters_still_gets_a_slug(cast: Cast) -> None:
    assert make(cast, "缓存").slug == "instance"


@pytest.mark.parametrize("word", ["New", "Example"])
def test_name_like_a_page_of_ours_gets_another_slug(cast: Cast, word: str) -> None:
    assert make(cast, word).slug == f"{word.lower()}-2"


def test_two_organizations_may_use_the_same_name(cast: Cast) -> None:
    other = services.create(
        actor(cast.outsider), cast.globex, name="My cache", memory_mb=64, purpose="cache"
    )
    assert make(cast).slug == other.slug


def test_name_in_use_is_refused(cast: Cast) -> None:
    make(cast)
    with pytest.raises(Conflict, match="Acme has an instance called my cache already"):
        make(cast, " my  cache ")


def test_name_of_an_instance_that_is_being_deleted_is_free(cast: Cast) -> None:
    services.delete(actor(cast.developer), make(cast))
    assert make(cast).slug == "my-cache-2"


def test_slug_in_use_is_refused(cast: Cast) -> None:
    make(cast)
    with pytest.raises(Conflict, match="The slug my-cache is taken"):
        make(cast, "Another", slug="my-cache")


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"name": "  "}, "name of 1 to 80 characters"),
        ({"name": "x" * 81}, "name of 1 to 80 characters"),
        ({"name": "\u200b"}, "name of 1 to 80 characters"),
        ({"name": "a\x00b"}, "Leave out line breaks and control characters"),
        ({"memory_mb": 0}, "from 8 MB to 65,536 MB, not 0 MB"),
        ({"memory_mb": 10**30}, "from 8 MB to 65,536 MB"),
        ({"memory_mb": -1}, "from 8 MB"),
        ({"purpose": "queue"}, "cache or store, not 'queue'"),
        ({"slug": "Not A Slug"}, "small letters"),
        ({"slug": ""}, "small letters"),
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "in the future"),
    ],
)
def test_bad_wishes_are_refused_in_words(cast: Cast, wish: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as refusal:
        make(cast, **wish)  # type: ignore[arg-type]
    assert list(refusal.value.details["errors"]) == list(wish)  # type: ignore[call-overload]
    assert not Instance.objects.exists()


def test_quota_refuses_in_words_and_leaves_nothing(cast: Cast) -> None:
    InstanceQuota.objects.filter(organization=cast.acme).update(instances_limit=1)
    make(cast, "first")
    with pytest.raises(RedisGateError) as refusal:
        make(cast, "second")
    assert refusal.value.code == "quota_exceeded"
    assert "your limit of 1 instance" in refusal.value.message
    assert Instance.objects.count() == 1
    assert actions(cast.acme) == [Action.INSTANCE_CREATE]


def test_no_port_is_given_twice_and_the_end_of_them_is_said(cast: Cast, settings: Settings) -> None:
    settings.INSTANCE_PORTS = range(30001, 30004)
    ports = {make(cast, f"number {number}").port for number in range(3)}
    assert ports == set(settings.INSTANCE_PORTS)
    with pytest.raises(Unavailable, match="INSTANCE_PORTS"):
        make(cast, "one more")


def test_wishes_are_written_once_and_audited_once(cast: Cast) -> None:
    instance, dora = make(cast), actor(cast.developer)
    for verb in (services.stop, services.stop, services.start, services.start):
        verb(dora, instance)
    assert fresh(instance).wish == Wish.RUNNING
    assert actions(cast.acme)[1:] == [Action.INSTANCE_STOP, Action.INSTANCE_START]


def test_restart_is_counted_and_starts_a_stopped_one(cast: Cast) -> None:
    instance, dora = make(cast), actor(cast.developer)
    services.stop(dora, instance)
    services.restart(dora, instance)
    assert (fresh(instance).wish, fresh(instance).restart_wish) == (Wish.RUNNING, 1)


def test_starting_a_failed_one_ends_its_wait(cast: Cast) -> None:
    instance = make(cast)
    Instance.objects.filter(pk=instance.pk).update(
        status=Status.ERROR, crashes=5, crashes_since=timezone.now(), next_try_at=timezone.now()
    )
    services.start(actor(cast.developer), instance)
    now = fresh(instance)
    assert (now.crashes, now.crashes_since, now.next_try_at) == (0, None, None)


@pytest.mark.parametrize("verb", [services.start, services.stop, services.restart])
def test_deleted_one_takes_no_more_wishes(cast: Cast, verb: Callable[..., None]) -> None:
    instance, dora = make(cast), actor(cast.developer)
    services.delete(dora, instance)
    services.delete(dora, instance)
    with pytest.raises(Conflict, match="My cache is being deleted"):
        verb(dora, instance)
    assert fresh(instance).wish == Wish.DELETED
    assert actions(cast.acme).count(Action.INSTANCE_DELETE) == 1


def test_changed_users_are_waited_for_on_running_servers_only(cast: Cast) -> None:
    running, pending = make(cast, "running"), make(cast, "pending")
    Instance.objects.filter(pk=running.pk).update(status=Status.RUNNING, acl_done=1)
    both = [running.pk, pending.pk]
    assert services.wait_for_acl(both, timeout_seconds=0)
    services.acl_changed(both)
    assert fresh(running).acl_wish == 2
    assert not services.wait_for_acl(both, timeout_seconds=0.05)
    Instance.objects.filter(pk=running.pk).update(acl_done=2)
    assert services.wait_for_acl(both, timeout_seconds=0)
