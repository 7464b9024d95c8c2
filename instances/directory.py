"""Look an instance up for the command API, by its id alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from instances import acl
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
    scope_passwords: Mapping[str, str] = field(repr=False)
    """Passwords of ``acl.scope_users``; empty where keys must not share a connection."""


def find_target(instance_id: UUID) -> Target | None:
    """Return where the instance listens and how the platform logs in there; one query."""
    return next(iter(find_targets([instance_id])), None)


def find_targets(instance_ids: Sequence[UUID]) -> list[Target]:
    """Do it for many; one query, and what isn't there is left out."""
    found = Instance.objects.defer("password").filter(pk__in=instance_ids)
    return [_target(instance) for instance in found]


def _target(instance: Instance) -> Target:
    provisioner = driver(instance.provisioner)
    shares = provisioner.may_share_connections
    return Target(
        instance_id=instance.pk,
        organization_id=instance.organization_id,
        wish=Wish(instance.wish),
        status=Status(instance.status),
        endpoint=provisioner.endpoint(address_spec_of(instance)),
        scope_passwords=acl.scope_passwords(instance.admin_password) if shares else {},
    )
