"""From an instance's row to what a provisioner is told."""

from django.utils import timezone

from instances import acl, passwords
from instances.models import Instance
from instances.spec import EvictionPolicy, InstanceSpec, Persistence
from instances.their_server import is_adopted, remote_of
from redisgate.lib.units import MEGABYTE


def spec_of(instance: Instance, users: tuple[acl.AclUser, ...]) -> InstanceSpec:
    """Describe the wished server; ``users`` are those besides the instance's own."""
    admin_password = instance.admin_password
    if is_adopted(instance):
        # Whoever runs the server has users of their own, which are none of ours.
        return _spec(instance, admin_password, users)
    former_password = passwords.former(instance, timezone.now())
    default = acl.default_user(instance.password, former_password=former_password)
    own = (default, *acl.scope_users(admin_password))
    return _spec(instance, admin_password, (*own, *users))


def address_spec_of(instance: Instance) -> InstanceSpec:
    """Describe the server as far as its endpoint needs, without opening its secrets."""
    return _spec(instance, "", ())


def _spec(instance: Instance, admin_password: str, users: tuple[acl.AclUser, ...]) -> InstanceSpec:
    remote = remote_of(instance)
    return InstanceSpec(
        id=instance.pk,
        port=instance.port if remote is None else remote.port,
        memory_bytes=instance.memory_mb * MEGABYTE,
        eviction_policy=EvictionPolicy(instance.eviction_policy),
        persistence=Persistence(instance.persistence),
        admin_password=admin_password,
        acl_users=users,
        remote=remote,
    )
