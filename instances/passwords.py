"""The password of the user ``default``: the one that is shown, and for a while the former one."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from audit.actions import Action
from audit.actors import Actor
from instances import wishes
from instances.models import Instance, new_password
from instances.their_server import refuse_change
from redisgate.lib import graces
from redisgate.lib.errors import Conflict
from redisgate.lib.write_lock import retried_when_locked


@retried_when_locked
def rotate(
    actor: Actor, instance: Instance, *, grace: timedelta, seen_version: int | None = None
) -> bool:
    """Make a new password; the former one goes on working for the grace.

    ``seen_version`` is the password that the person looked at: when it has been rotated since,
    this was a second press, nothing happens and the answer is False. Wait for the users to be
    applied (`services.wait_for_acl`) before you say that the former one is dead. Raises
    InvalidInput for a grace that there isn't, Conflict while a former one still works.
    """
    refuse_change(instance, "its password")
    graces.known(grace)
    version = instance.password_version if seen_version is None else seen_version
    if version != instance.password_version:
        return False
    now = timezone.now()
    until = now + grace if grace else None
    if until is not None and former_until(instance, now) is not None:
        raise Conflict(
            f"The former password of {instance.name} still works. End it first, or have both "
            "stop working at once."
        )
    with transaction.atomic():
        changed = (
            wishes.row(instance)
            .filter(password_version=version)
            .update(
                password=new_password(),
                password_version=version + 1,
                former_password=instance.password if grace else "",
                former_password_until=until,
                acl_wish=F("acl_wish") + 1,
            )
        )
        seconds = int(grace.total_seconds())
        wishes.finish(
            actor, Action.INSTANCE_ROTATE_PASSWORD, instance, changed, grace_seconds=seconds
        )
    return bool(changed)


@retried_when_locked
def end_former(actor: Actor, instance: Instance) -> None:
    """Let the former password stop working now."""
    with transaction.atomic():
        changed = (
            wishes.row(instance)
            .exclude(former_password_until=None)
            .update(former_password="", former_password_until=None, acl_wish=F("acl_wish") + 1)
        )
        wishes.finish(actor, Action.INSTANCE_END_FORMER_PASSWORD, instance, changed)


def former(instance: Instance, now: datetime) -> str:
    """Return the former password while it works, else nothing."""
    return instance.former_password if former_until(instance, now) else ""


def former_until(instance: Instance, now: datetime) -> datetime | None:
    """Say until when the former password works; None when there is none."""
    until = instance.former_password_until
    return until if until is not None and until > now else None


def forget_former(instance: Instance, now: datetime) -> None:
    """Remove a former password whose time is over."""
    over = Instance.objects.filter(pk=instance.pk, former_password_until__lte=now)
    over.update(former_password="", former_password_until=None)
