"""What becomes of instances when their organization is deleted."""

import logging
from collections.abc import Sequence
from threading import Event
from typing import Any

from django.db import InterfaceError, OperationalError
from django.dispatch import receiver

from audit.actors import Actor
from instances import services
from instances.duties import Duty
from instances.models import Instance
from instances.states import Wish
from orgs import deletion
from orgs.contents import Content
from orgs.models import Organization
from orgs.signals import organization_deleting
from redisgate.lib import units
from redisgate.lib.errors import Unavailable

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 0.5


@receiver(organization_deleting)
def wish_instances_gone(sender: object, organization: Organization, actor: Actor, **_: Any) -> None:
    """Wish all of them gone with their data."""
    for instance in Instance.objects.filter(organization=organization).exclude(wish=Wish.DELETED):
        services.delete(actor, instance)


def contents(organization: Organization) -> Sequence[Content]:
    """Count those that exist, the ones that are ending among them."""
    number = Instance.objects.filter(organization=organization).count()
    return [Content("instances", number, units.counted(number, "instance"))]


def carry_out(end: Event) -> None:
    """Take organizations away whose instances are gone, again and again until the end."""
    while not end.wait(LOOK_EVERY_SECONDS):
        try:
            deletion.carry_out()
        except (OperationalError, InterfaceError, Unavailable) as error:
            log.debug("Organizations weren't looked at: %s", error)


DUTY = Duty("organizations", carry_out)
