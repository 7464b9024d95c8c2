"""What becomes of instances when their organization is deleted."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from audit.actors import Actor
from instances import duties, services
from instances.models import Instance
from instances.states import Wish
from orgs import deletion
from orgs.contents import Content
from orgs.models import Organization
from orgs.signals import organization_deleting
from redisgate.lib import units

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


DUTY = duties.repeated("organizations", deletion.carry_out, every_seconds=LOOK_EVERY_SECONDS)
"""Takes organizations away whose instances are gone."""
