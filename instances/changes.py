"""What can be changed on an instance that is there. Each call is safe to repeat.

Memory, eviction policy and persistence are wishes like the others: the loop brings the running
server to them, and a stopped one starts with them.
"""

from collections.abc import Mapping
from datetime import datetime
from math import ceil
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from audit.actions import Action
from audit.actors import Actor
from instances import hosts, validation, wishes
from instances.drivers import driver
from instances.models import Instance
from instances.provisioners.base import ProvisionError
from instances.spec import EvictionPolicy, Persistence
from instances.spec_of_row import spec_of
from instances.their_server import refuse_change
from instances.wake import wake
from quotas.services import refusing
from redisgate.lib.errors import Conflict, Unavailable
from redisgate.lib.units import MEGABYTE
from redisgate.lib.write_lock import retried_when_locked


@retried_when_locked
def apply(actor: Actor, instance: Instance, wanted: Mapping[str, Any]) -> None:
    """Change several things at once, all or nothing; ``wanted`` is by field.

    ``allow_eviction`` among them belongs to ``memory_mb``.
    """
    if "memory_mb" in wanted:
        # The server is asked here, not while the database waits.
        may_evict = bool(wanted.get("allow_eviction"))
        _refuse_what_does_not_fit(instance, wanted["memory_mb"], allow_eviction=may_evict)
    with transaction.atomic():
        if "name" in wanted:
            rename(actor, instance, wanted["name"])
        if "eviction_policy" in wanted:
            set_eviction_policy(actor, instance, wanted["eviction_policy"])
        if "persistence" in wanted:
            set_persistence(actor, instance, wanted["persistence"])
        if "memory_mb" in wanted:
            _resize(actor, instance, wanted["memory_mb"])
        if "expires_at" in wanted:
            set_expiry(actor, instance, wanted["expires_at"])


@retried_when_locked
def rename(actor: Actor, instance: Instance, name: str) -> None:
    """Give it another name; its slug and its addresses stay. Raises Conflict for one in use."""
    name = validation.name(name)
    validation.refuse_name_in_use(instance.organization, name, besides=instance)
    with transaction.atomic():
        try:
            with transaction.atomic():
                changed = wishes.row(instance).exclude(name=name).update(name=name)
        except IntegrityError:
            # Somebody took the name since we looked.
            validation.refuse_name_in_use(instance.organization, name, besides=instance)
            raise
        _finish(actor, Action.INSTANCE_RENAME, instance, changed, name=name)


@retried_when_locked
def resize(
    actor: Actor, instance: Instance, memory_mb: int, *, allow_eviction: bool = False
) -> None:
    """Give it more or less memory.

    With ``allow_eviction`` a server whose policy evicts may drop keys until its data fits.
    Raises InvalidInput, QuotaExceeded, HostFull, Conflict where the data doesn't fit or nobody
    can tell, Unavailable where the server doesn't say.
    """
    _refuse_what_does_not_fit(instance, memory_mb, allow_eviction=allow_eviction)
    _resize(actor, instance, memory_mb)


@retried_when_locked
def set_eviction_policy(actor: Actor, instance: Instance, policy: str) -> None:
    """Choose what the server does when its memory is full."""
    policy = validation.eviction_policy(policy).value
    with transaction.atomic():
        changed = _wish(instance, eviction_policy=policy)
        _finish(
            actor, Action.INSTANCE_SET_EVICTION_POLICY, instance, changed, eviction_policy=policy
        )


@retried_when_locked
def set_persistence(actor: Actor, instance: Instance, persistence: str) -> None:
    """Choose what survives a crash; what is in memory now is kept or forgotten accordingly."""
    persistence = validation.persistence(persistence).value
    with transaction.atomic():
        changed = _wish(instance, persistence=persistence)
        _finish(actor, Action.INSTANCE_SET_PERSISTENCE, instance, changed, persistence=persistence)


@retried_when_locked
def set_expiry(actor: Actor, instance: Instance, expires_at: datetime | None) -> None:
    """Have it deleted at this moment, or keep it for ever."""
    expires_at = validation.expires_at(expires_at)
    with transaction.atomic():
        others = wishes.row(instance)
        others = (
            others.exclude(expires_at=None)
            if expires_at is None
            else others.exclude(expires_at=expires_at)
        )
        changed = others.update(expires_at=expires_at)
        _finish(actor, Action.INSTANCE_SET_EXPIRY, instance, changed, expires_at=expires_at)


def _wish(instance: Instance, **settings: Any) -> int:
    """Write a wish for the server; one that is written already is tried again at once."""
    refuse_change(instance, "memory, eviction and persistence")
    at_once: dict[str, Any] = {"settings_failures": 0, "settings_try_at": None}
    behind = wishes.row(instance).filter(settings_done__lt=F("settings_wish"), **settings)
    if behind.update(**at_once):
        transaction.on_commit(wake)
    others = wishes.row(instance).exclude(**settings)
    return others.update(
        **settings, **at_once, settings_wish=F("settings_wish") + 1, settings_note=""
    )


def _finish(
    actor: Actor, action: Action, instance: Instance, changed: int, **after: object
) -> None:
    before = {name: _plain(getattr(instance, name)) for name in after}
    wishes.finish(
        actor,
        action,
        instance,
        changed,
        before=before,
        after={name: _plain(value) for name, value in after.items()},
    )
    for name, value in after.items():
        setattr(instance, name, value)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _resize(actor: Actor, instance: Instance, memory_mb: int) -> None:
    more_mb = memory_mb - instance.memory_mb
    organization = instance.organization
    with transaction.atomic():
        with refusing("instance", organization=organization, memory_mb=more_mb, verb="enlarge"):
            changed = _wish(instance, memory_mb=memory_mb)
        _finish(actor, Action.INSTANCE_RESIZE, instance, changed, memory_mb=memory_mb)


def _refuse_what_does_not_fit(instance: Instance, memory_mb: int, *, allow_eviction: bool) -> None:
    refuse_change(instance, "its memory")
    more_mb = validation.memory_mb(memory_mb, instance.organization) - instance.memory_mb
    may_evict = allow_eviction and instance.eviction_policy != EvictionPolicy.NOEVICTION
    if more_mb > 0:
        hosts.refuse_when_full(more_mb, in_all_mb=memory_mb)
    elif more_mb < 0 and not may_evict:
        _refuse_too_small(instance, memory_mb)


def _refuse_too_small(instance: Instance, memory_mb: int) -> None:
    used = _memory_used(instance)
    if used is None:
        was_never_up = instance.acl_done == 0
        if was_never_up or instance.persistence == Persistence.NONE:
            return
        raise Conflict(
            f"Cannot shrink {instance.name} while it is not running: its data is on disk, and "
            "only the running server knows how much memory it needs. Start it first."
        )
    needed_mb = ceil(used / MEGABYTE)
    if needed_mb > memory_mb:
        raise Conflict(
            f"Cannot shrink {instance.name} to {memory_mb:,} MB: its data takes {needed_mb:,} MB "
            f"now. Choose {needed_mb:,} MB or more, {_way_to_less(instance)}.",
            details={"asked": memory_mb, "used": needed_mb},
        )


def _way_to_less(instance: Instance) -> str:
    if instance.eviction_policy == EvictionPolicy.NOEVICTION:
        return "or delete keys first"
    return "delete keys first, or let the server evict them"


def _memory_used(instance: Instance) -> int | None:
    try:
        return driver(instance.provisioner).memory_used(
            spec_of(instance, ()), instance.driver_state
        )
    except ProvisionError as error:
        raise Unavailable(
            f"RedisGate can't see how much memory {instance.name} needs, so it doesn't shrink it. "
            f"{error.message} Try again in a moment.",
            retry_after_seconds=2,
        ) from error
