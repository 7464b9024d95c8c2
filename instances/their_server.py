"""From the row of a server that somebody else runs to how it is connected to."""

from instances.models import EXTERNAL, Instance, TheirServer
from instances.remote import Remote, Tls
from redisgate.lib.errors import Conflict
from redisgate.lib.outward_guard import guard


def is_adopted(instance: Instance) -> bool:
    """Tell whether somebody else runs the server."""
    return instance.provisioner == EXTERNAL


def knows_keys(instance: Instance) -> bool:
    """Tell whether the server has users of API keys, so that they open it over the protocol."""
    return not is_adopted(instance) or instance.their_server.manages_users


def is_own(instance: Instance) -> bool:
    return not is_adopted(instance)


def is_own_or_adopted(_instance: Instance) -> bool:
    return True


def refuse_change(instance: Instance, what: str) -> None:
    """Raise Conflict where ``what`` is for somebody else to change."""
    if is_adopted(instance):
        raise Conflict(
            f"Somebody else runs the server of {instance.name}, so RedisGate doesn't change "
            f"{what}. Change it there."
        )


def remote_of(instance: Instance) -> Remote | None:
    """Say how to connect; None where the server is ours."""
    return remote(instance.their_server) if is_adopted(instance) else None


def remote(server: TheirServer) -> Remote:
    return Remote(
        host=server.host,
        port=server.port,
        user=server.user,
        password=server.password,
        database=server.database,
        tls=_tls(server) if server.is_tls else None,
        manages_users=server.manages_users,
        guard=guard(),
    )


def _tls(server: TheirServer) -> Tls:
    return Tls(server.ca_pem, server.server_name, server.certificate_pem, server.key_pem)
