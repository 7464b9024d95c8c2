"""Look an instance up for the command API, by its id alone."""

from dataclasses import dataclass
from uuid import UUID

from instances.drivers import driver
from instances.models import Instance
from instances.spec import Endpoint
from instances.spec_of_row import address_spec_of
from instances.states import Status, Wish


@dataclass(frozen=True, slots=True)
class Target:
    """What the way of a command needs to know of an instance."""

    instance_id: UUID
    organization_id: UUID
    wish: Wish
    status: Status
    endpoint: Endpoint


def find_target(instance_id: UUID) -> Target | None:
    """Return where the instance listens; one query, and no secret is opened."""
    instance = Instance.objects.defer("password", "admin_password").filter(pk=instance_id).first()
    if instance is None:
        return None
    return Target(
        instance_id=instance.pk,
        organization_id=instance.organization_id,
        wish=Wish(instance.wish),
        status=Status(instance.status),
        endpoint=driver(instance.provisioner).endpoint(address_spec_of(instance)),
    )
