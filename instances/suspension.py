"""Instances of suspended organizations stop, and those that ran run again after that.

Whoever suspends an organization has it done at once; the control loop's host looks every second
too, so that a start which passed the door a moment before doesn't stay.
"""

from uuid import UUID

from django.db import transaction

from instances import duties, live, services, wishes
from instances.models import Held, Instance
from instances.states import Wish
from instances.wake import wake
from redisgate.lib.write_lock import retried_when_locked

LOOK_EVERY_SECONDS = 1.0


@retried_when_locked
def keep_in_step() -> None:
    """Stop what suspended organizations run, and start what was held of those that go on."""
    to_stop = Instance.objects.filter(wish=Wish.RUNNING, organization__suspended_at__isnull=False)
    to_start = Held.objects.filter(instance__organization__suspended_at=None)
    for instance in to_stop.select_related("organization"):
        _hold(instance)
    for held in to_start.select_related("instance"):
        _release(held.instance)


def change_users(organization_id: UUID) -> None:
    """Say to its servers that other people may log in now: no key, or all of them again."""
    mine = Instance.objects.filter(organization=organization_id).exclude(wish=Wish.DELETED)
    services.acl_changed(mine.values_list("pk", flat=True))


def _hold(instance: Instance) -> None:
    with transaction.atomic():
        running = Instance.objects.filter(pk=instance.pk, wish=Wish.RUNNING)
        if running.update(wish=Wish.STOPPED, **wishes.FORGIVEN):
            Held.objects.get_or_create(instance=instance)
            _tell(instance)


def _release(instance: Instance) -> None:
    with transaction.atomic():
        Held.objects.filter(instance=instance).delete()
        stopped = Instance.objects.filter(pk=instance.pk, wish=Wish.STOPPED)
        if stopped.update(wish=Wish.RUNNING, **wishes.FORGIVEN):
            _tell(instance)


def _tell(instance: Instance) -> None:
    transaction.on_commit(wake)
    live.announce(instance)


DUTY = duties.repeated("suspension", keep_in_step, every_seconds=LOOK_EVERY_SECONDS)
