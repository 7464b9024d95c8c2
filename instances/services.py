"""What can be done to instances. Each writes a wish; the control loop makes it true."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from time import monotonic, sleep
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from audit.actions import Action
from audit.actors import SYSTEM, Actor
from instances import hosts, ports, validation, wishes
from instances.models import PROCESS, SIMULATED, Instance
from instances.presets import PRESETS
from instances.states import Status, Wish
from instances.wake import wake
from orgs.models import Organization
from quotas.services import refusing
from redisgate.lib import versions
from redisgate.lib.errors import Conflict
from redisgate.lib.write_lock import retried_when_locked

ATTEMPTS = 20
POLL_SECONDS = 0.02


@retried_when_locked
def create(
    actor: Actor,
    organization: Organization,
    *,
    name: str,
    memory_mb: int,
    purpose: str,
    slug: str | None = None,
    expires_at: datetime | None = None,
) -> Instance:
    """Make an instance that wishes to run.

    Raises InvalidInput, Conflict for a name or slug in use, QuotaExceeded.
    """
    kind = validation.purpose(purpose)
    instance = Instance(
        organization=organization,
        provisioner=SIMULATED if settings.SIMULATION_MODE else PROCESS,
        name=validation.name(name),
        memory_mb=validation.memory_mb(memory_mb, organization),
        purpose=kind,
        eviction_policy=PRESETS[kind].eviction_policy.value,
        persistence=PRESETS[kind].persistence.value,
        expires_at=validation.expires_at(expires_at),
    )
    hosts.refuse_when_full(instance.memory_mb)
    wished_slug = None if slug is None else validation.slug(slug)
    with transaction.atomic():
        insert(instance, wished_slug)
        wishes.record(
            actor, Action.INSTANCE_CREATE, instance, memory_mb=memory_mb, purpose=kind.value
        )
    return instance


@retried_when_locked
def start(actor: Actor, instance: Instance) -> None:
    """Wish it running; one that failed is tried again at once."""
    failed = wishes.row(instance).filter(wish=Wish.RUNNING, status=Status.ERROR)
    stopped = wishes.row(instance).filter(wish=Wish.STOPPED)
    with transaction.atomic():
        # A server that was given up may still be there without answering: end it first.
        changed = failed.update(restart_wish=F("restart_wish") + 1, **wishes.FORGIVEN)
        changed += stopped.update(wish=Wish.RUNNING, **wishes.FORGIVEN)
        wishes.finish(actor, Action.INSTANCE_START, instance, changed)


@retried_when_locked
def stop(actor: Actor, instance: Instance) -> None:
    """Wish it stopped, its data saved as its persistence promises."""
    with transaction.atomic():
        running = wishes.row(instance).filter(wish=Wish.RUNNING)
        changed = running.update(wish=Wish.STOPPED, **wishes.FORGIVEN)
        wishes.finish(actor, Action.INSTANCE_STOP, instance, changed)


@retried_when_locked
def restart(actor: Actor, instance: Instance) -> None:
    """Stop and start it; a stopped one starts."""
    with transaction.atomic():
        changed = wishes.row(instance).update(
            wish=Wish.RUNNING, restart_wish=F("restart_wish") + 1, **wishes.FORGIVEN
        )
        wishes.finish(actor, Action.INSTANCE_RESTART, instance, changed)


@retried_when_locked
def delete(actor: Actor, instance: Instance) -> None:
    """Wish it gone with its data; the row follows once the data is gone."""
    with transaction.atomic():
        if wishes.row(instance).update(wish=Wish.DELETED, **wishes.FORGIVEN):
            wishes.record(actor, Action.INSTANCE_DELETE, instance)


@retried_when_locked
def expire(instance: Instance) -> bool:
    """Wish it gone because its time is over; False when somebody has given it more time."""
    with transaction.atomic():
        over = wishes.row(instance).filter(expires_at__lte=timezone.now())
        is_over = bool(over.update(wish=Wish.DELETED, **wishes.FORGIVEN))
        if is_over:
            wishes.record(SYSTEM, Action.INSTANCE_DELETE, instance, reason="expired")
    return is_over


def acl_changed(instance_ids: Iterable[UUID]) -> None:
    """Say that other people may log in to these instances from now on."""
    Instance.objects.filter(pk__in=list(instance_ids)).update(acl_wish=F("acl_wish") + 1)
    transaction.on_commit(wake)


def wait_for_acl(instance_ids: Iterable[UUID], *, timeout_seconds: float = 2.0) -> bool:
    """Wait until the running ones of these servers know who may log in; False when too slow.

    Call it outside a transaction, or the control loop can't see the wish. Where the caller's
    version is held (`redisgate.lib.versions`), it waits after the commit, and True means nothing.
    """
    waiting = partial(_wait_for_acl, list(instance_ids), timeout_seconds)
    if versions.is_held():
        transaction.on_commit(waiting)
        return True
    return waiting()


def _wait_for_acl(instance_ids: list[UUID], timeout_seconds: float) -> bool:
    behind = Instance.objects.filter(
        pk__in=instance_ids, status=Status.RUNNING, acl_done__lt=F("acl_wish")
    )
    deadline = monotonic() + timeout_seconds
    while behind.exists():
        if monotonic() >= deadline:
            return False
        sleep(POLL_SECONDS)
    return True


def insert(instance: Instance, wished_slug: str | None) -> None:
    """Give a new instance a slug and a port, and write its row.

    Raises Conflict for a name or slug in use, QuotaExceeded.
    """
    organization = instance.organization
    base = wished_slug or slugify(instance.name)[:50] or "instance"
    for _ in range(ATTEMPTS):
        validation.refuse_name_in_use(organization, instance.name)
        instance.slug = _free_slug(organization, base, is_exact=wished_slug is not None)
        instance.port = ports.pick()
        try:
            # Unique constraints decide who gets name, slug and port; a savepoint lets us go on.
            with refusing("instance", organization=organization, memory_mb=instance.memory_mb):
                instance.save(force_insert=True)
                return
        except IntegrityError:
            continue
    raise Conflict(f"{instance.name} could not be created just now. Try again.")


def _free_slug(organization: Organization, base: str, *, is_exact: bool) -> str:
    taken = set(
        Instance.objects.filter(organization=organization, slug__startswith=base).values_list(
            "slug", flat=True
        )
    )
    taken |= validation.RESERVED_SLUGS
    if base not in taken:
        return base
    if is_exact:
        raise Conflict(
            f"The slug {base} is taken by another instance of {organization.name}. Choose another."
        )
    return next(slug for n in range(2, len(taken) + 3) if (slug := f"{base}-{n}") not in taken)
