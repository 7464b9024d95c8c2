"""Changes of an instance that is there, on the bundled server under a real loop."""

import os
import signal
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.actions import Action
from audit.actors import SYSTEM
from audit.models import AuditEvent
from instances import changes, services
from instances.models import Instance
from instances.presets import Purpose
from instances.states import Health, Status
from quotas.models import InstanceQuota
from quotas.refusals import QuotaExceeded
from redisgate.lib.errors import Conflict, InvalidInput, Unavailable
from tests.conftest import Cast, actor
from tests.instances.harness import ControlPlane, Loop, client, fresh, paths_of, pid_of
from tests.instances.provisioners.doubles import BrokenProvisioner, World
from tests.instances.test_lifecycle import make
from tests.instances.test_services import make as make_row


def running(
    control_plane: ControlPlane, purpose: str = Purpose.STORE
) -> tuple[Instance, Loop, int | None]:
    instance, loop = make(purpose=purpose), control_plane.loop()
    loop.until_status(instance, Status.RUNNING)
    return fresh(instance), loop, pid_of(instance)


def is_applied(instance: Instance) -> bool:
    now = fresh(instance)
    return now.settings_done == now.settings_wish


def config(instance: Instance, name: str) -> str:
    with client(instance, user="rg-admin", password=instance.admin_password) as admin:
        return str(admin.config_get(name)[name])


def fill(instance: Instance, megabytes: int) -> None:
    with client(instance) as redis:
        for number in range(megabytes):
            redis.set(f"key:{number}", "x" * 1024 * 1024)


def events(instance: Instance) -> list[str]:
    rows = AuditEvent.objects.filter(object_id=instance.pk).order_by("at")
    return [event.action for event in rows][1:]


def test_memory_grows_and_shrinks_on_the_running_server(control_plane: ControlPlane) -> None:
    instance, loop, pid = running(control_plane)
    fill(instance, 4)
    for memory_mb in (64, 24):
        changes.resize(SYSTEM, fresh(instance), memory_mb)
        loop.until(lambda: is_applied(instance), "applied")
        assert config(instance, "maxmemory") == str(memory_mb * 1024 * 1024)
    assert pid_of(instance) == pid
    assert f'maxmemory "{24 * 1024 * 1024}"' in paths_of(instance).config.read_text()
    with client(instance) as redis:
        assert redis.dbsize() == 4


def test_memory_below_what_the_data_takes_is_refused_with_numbers(
    control_plane: ControlPlane,
) -> None:
    instance, _, _ = running(control_plane)
    fill(instance, 12)
    with pytest.raises(Conflict, match=r"to 8 MB: its data takes 1[2-9] MB now. Choose 1[2-9] MB"):
        changes.resize(SYSTEM, instance, 8)
    assert fresh(instance).memory_mb == 32
    assert events(instance) == []


def test_cache_may_be_told_to_evict_until_its_data_fits(control_plane: ControlPlane) -> None:
    instance, loop, _ = running(control_plane, Purpose.CACHE)
    fill(instance, 12)
    with pytest.raises(Conflict, match="or let the server evict them"):
        changes.resize(SYSTEM, instance, 8)
    changes.resize(SYSTEM, instance, 8, allow_eviction=True)
    loop.until(lambda: is_applied(instance), "applied")
    with client(instance) as redis:
        loop.until(lambda: int(redis.dbsize()) < 8, "evicted")


def test_store_evicts_nothing_even_when_told_to(control_plane: ControlPlane) -> None:
    instance, _, _ = running(control_plane)
    fill(instance, 12)
    with pytest.raises(Conflict, match="or delete keys first"):
        changes.resize(SYSTEM, instance, 8, allow_eviction=True)


def test_stopped_store_does_not_shrink_and_grows_at_its_next_start(
    control_plane: ControlPlane,
) -> None:
    instance, loop, _ = running(control_plane)
    services.stop(SYSTEM, instance)
    loop.until_status(instance, Status.STOPPED)
    with pytest.raises(Conflict, match="Start it first"):
        changes.resize(SYSTEM, fresh(instance), 16)
    changes.resize(SYSTEM, fresh(instance), 48)
    services.start(SYSTEM, instance)
    loop.until(lambda: is_applied(instance), "applied")
    assert config(instance, "maxmemory") == str(48 * 1024 * 1024)


def test_policy_and_persistence_change_live_and_stay_after_a_restart(
    control_plane: ControlPlane,
) -> None:
    instance, loop, pid = running(control_plane, Purpose.CACHE)
    fill(instance, 2)
    changes.set_eviction_policy(SYSTEM, instance, "volatile-lfu")
    changes.set_persistence(SYSTEM, instance, "aof")
    loop.until(lambda: is_applied(instance), "applied")
    assert pid_of(instance) == pid
    services.restart(SYSTEM, instance)
    loop.until(lambda: pid_of(instance) not in {pid, None}, "another process")
    loop.until_status(instance, Status.RUNNING)
    assert config(instance, "maxmemory-policy") == "volatile-lfu"
    assert config(instance, "appendonly") == "yes"
    with client(instance) as redis:
        assert redis.dbsize() == 2


def test_append_only_file_that_takes_its_time_shows_progress(control_plane: ControlPlane) -> None:
    instance, loop, _ = running(control_plane, Purpose.CACHE)
    with client(instance) as redis:
        redis.mset({f"key:{number}": "x" * 1000 for number in range(200)})
    with client(instance, user="rg-admin", password=instance.admin_password) as admin:
        admin.config_set("rdb-key-save-delay", 10_000)
        changes.set_persistence(SYSTEM, instance, "aof")
        loop.until(lambda: "of 200 keys" in fresh(instance).settings_note, "progress")
        assert not is_applied(instance)
        assert fresh(instance).health == Health.HEALTHY
    loop.until(lambda: is_applied(instance), "applied")
    assert fresh(instance).settings_note == ""


@pytest.mark.parametrize("wish", [services.stop, services.delete, services.restart])
def test_change_that_races_with_another_wish_leaves_nothing_half_done(
    control_plane: ControlPlane, wish: Callable[..., None]
) -> None:
    instance, loop, _ = running(control_plane)
    changes.set_persistence(SYSTEM, instance, "none")
    changes.resize(SYSTEM, instance, 48)
    wish(SYSTEM, instance)
    if wish is services.delete:
        loop.until(lambda: not Instance.objects.filter(pk=instance.pk).exists(), "gone")
        assert control_plane.server_pids() == []
        return
    if wish is services.stop:
        loop.until_status(instance, Status.STOPPED)
        services.start(SYSTEM, instance)
    loop.until_status(instance, Status.RUNNING)
    loop.until(lambda: is_applied(instance), "applied")
    assert config(instance, "maxmemory") == str(48 * 1024 * 1024)
    assert config(instance, "appendonly") == "no"


def test_change_that_fails_stays_wished_and_says_why(control_plane: ControlPlane) -> None:
    world = World()
    broken = BrokenProvisioner(world, calls={"apply_settings"})
    instance, loop = make(), control_plane.loop(lambda _name: broken)
    loop.until_status(instance, Status.RUNNING)
    changes.set_eviction_policy(SYSTEM, instance, "allkeys-lfu")
    loop.until(lambda: fresh(instance).settings_note == "The machine is on strike.", "words")
    now = fresh(instance)
    assert (now.status, now.settings_failures) == (Status.RUNNING, 1)
    assert now.settings_try_at is not None
    broken.failing.clear()
    changes.set_eviction_policy(SYSTEM, now, "allkeys-lfu")  # the second press tries at once
    loop.until(lambda: is_applied(instance), "applied", seconds=1.5)
    assert (fresh(instance).settings_note, fresh(instance).settings_failures) == ("", 0)


def test_database_refuses_memory_above_the_quota_with_numbers(cast: Cast) -> None:
    instance = make_row(cast)
    InstanceQuota.objects.filter(organization=cast.acme).update(memory_mb_limit=100)
    with pytest.raises(QuotaExceeded, match=r"enlarge instance: it asks for 64 MB, and 64 MB of"):
        changes.resize(actor(cast.developer), instance, 128)
    assert fresh(instance).memory_mb == 64
    changes.resize(actor(cast.developer), instance, 100)
    assert InstanceQuota.objects.get(organization=cast.acme).memory_mb_used == 100


def test_new_instance_that_never_ran_may_shrink(cast: Cast) -> None:
    instance = make_row(cast, purpose="store")
    changes.resize(actor(cast.developer), instance, 16)
    assert fresh(instance).memory_mb == 16


CALLS: list[tuple[Callable[..., None], Any, Action]] = [
    (changes.rename, "Sessions", Action.INSTANCE_RENAME),
    (changes.resize, 128, Action.INSTANCE_RESIZE),
    (changes.set_eviction_policy, "volatile-ttl", Action.INSTANCE_SET_EVICTION_POLICY),
    (changes.set_persistence, "snapshot", Action.INSTANCE_SET_PERSISTENCE),
    (changes.set_expiry, timezone.now() + timedelta(days=9), Action.INSTANCE_SET_EXPIRY),
]


@pytest.mark.parametrize(("change", "value", "action"), CALLS)
def test_pressed_twice_is_done_once(
    cast: Cast, change: Callable[..., None], value: Any, action: Action
) -> None:
    instance, dora = make_row(cast), actor(cast.developer)
    for _ in range(2):
        change(dora, fresh(instance), value)
    assert events(instance) == [action]
    assert fresh(instance).settings_wish <= 1


@pytest.mark.parametrize(("change", "value", "action"), CALLS)
def test_deleted_one_is_not_changed_any_more(
    cast: Cast, change: Callable[..., None], value: Any, action: Action
) -> None:
    instance, dora = make_row(cast), actor(cast.developer)
    services.delete(dora, instance)
    with pytest.raises(Conflict, match="My cache is being deleted"):
        change(dora, instance, value)
    assert action not in events(instance)


def test_change_is_audited_with_what_was_and_is(cast: Cast) -> None:
    instance = make_row(cast)
    changes.resize(actor(cast.developer), instance, 128)
    event = AuditEvent.objects.get(action=Action.INSTANCE_RESIZE)
    assert event.changes == {"before": {"memory_mb": 64}, "after": {"memory_mb": 128}}


def test_new_name_keeps_slug_and_may_differ_in_case_only(cast: Cast) -> None:
    instance = make_row(cast)
    changes.rename(actor(cast.developer), instance, "  my  CACHE ")
    now = fresh(instance)
    assert (now.name, now.slug) == ("my CACHE", "my-cache")


def test_name_of_another_is_refused(cast: Cast) -> None:
    instance = make_row(cast)
    make_row(cast, "Other")
    with pytest.raises(Conflict, match="an instance called other already"):
        changes.rename(actor(cast.developer), instance, "other")


@pytest.mark.parametrize(
    ("change", "value", "words"),
    [
        (changes.rename, " ", "name of 1 to 80"),
        (changes.resize, 7, "from 8 MB"),
        (changes.set_eviction_policy, "lru", "must be one of noeviction, allkeys-lru"),
        (changes.set_persistence, "disk", "must be one of aof, snapshot, none, not 'disk'"),
        (changes.set_expiry, timezone.now() - timedelta(minutes=1), "in the future"),
    ],
)
def test_bad_values_are_refused_in_words(
    cast: Cast, change: Callable[..., None], value: Any, words: str
) -> None:
    instance = make_row(cast)
    with pytest.raises(InvalidInput, match=words):
        change(actor(cast.developer), instance, value)
    assert events(instance) == []


def test_instance_that_is_given_more_time_is_not_deleted(cast: Cast) -> None:
    instance = make_row(cast)
    Instance.objects.filter(pk=instance.pk).update(expires_at=timezone.now())
    stale = fresh(instance)
    changes.set_expiry(actor(cast.developer), fresh(instance), None)
    assert not services.expire(stale)
    assert fresh(instance).wish == "running"
    assert fresh(instance).expires_at is None


def test_server_that_does_not_say_how_full_it_is_keeps_its_memory(
    control_plane: ControlPlane,
) -> None:
    instance, _, pid = running(control_plane)
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(Unavailable, match="can't see how much memory cache needs"):
        changes.resize(SYSTEM, instance, 16)
    assert fresh(instance).memory_mb == 32
