"""Which servers there are to ask, and where."""

from uuid import UUID

from figures.conversation import Address
from instances.drivers import driver
from instances.models import EXTERNAL, SIMULATED, Instance
from instances.spec_of_row import address_spec_of
from instances.states import Status


def running() -> set[UUID]:
    """Find the instances whose servers run here: others' and simulated ones have no figures."""
    running_ones = Instance.objects.filter(status=Status.RUNNING)
    ours = running_ones.exclude(provisioner__in=(EXTERNAL, SIMULATED))
    return set(ours.values_list("pk", flat=True))


def addresses_of(instance_ids: set[UUID]) -> dict[UUID, Address]:
    """Say where these listen to the platform; those that do nowhere are left out."""
    found = {}
    for instance in Instance.objects.filter(pk__in=instance_ids):
        address = address_of(instance)
        if address is not None:
            found[instance.pk] = address
    return found


def address_of(instance: Instance) -> Address | None:
    try:
        endpoint = driver(instance.provisioner).endpoint(address_spec_of(instance))
    except LookupError:
        return None
    if endpoint.socket_path is None:
        return None
    return Address(endpoint.socket_path, instance.admin_password)
