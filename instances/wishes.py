"""How a person's wish is written: on the row, in the audit log, to the loop and to open pages."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from instances import live
from instances.models import Instance
from instances.states import Wish
from instances.wake import wake
from redisgate.lib.errors import Conflict

FORGIVEN: dict[str, Any] = {"crashes": 0, "crashes_since": None, "next_try_at": None}
"""A person's wish ends every wait that earlier failures brought."""


def row(instance: Instance) -> QuerySet[Instance]:
    """Find the row, unless it is wished away already."""
    return Instance.objects.filter(pk=instance.pk).exclude(wish=Wish.DELETED)


def finish(
    actor: Actor, action: Action, instance: Instance, changed: int, **changes: object
) -> None:
    """Write down a changed wish; one that was so already is fine, unless it is deleted."""
    if changed:
        record(actor, action, instance, **changes)
    elif not row(instance).exists():
        raise Conflict(f"{instance.name} is being deleted, so this can't be done any more.")


def record(actor: Actor, action: Action, instance: Instance, **changes: object) -> None:
    audit.record(
        actor,
        action,
        organization_id=instance.organization_id,
        object_id=instance.pk,
        object_label=instance.name,
        changes=changes,
    )
    transaction.on_commit(wake)
    live.announce(instance)
