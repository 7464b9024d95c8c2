"""Ask a running server something now, for a person who waits."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from figures.addresses import address_of
from instances import own_costs
from instances.connections import NotRunning
from instances.models import Instance
from instances.provisioners.admin_connection import AdminConnection, ServerError, Unreachable
from instances.provisioners.server_log import without_host_paths
from instances.states import Status
from redisgate.lib.errors import Unavailable

ANSWER_SECONDS = 2.0


@contextmanager
def conversation(instance: Instance) -> Iterator[AdminConnection]:
    """Talk to the instance's server as the platform's own user.

    Raises NotRunning, and Unavailable where the server can't answer now.
    """
    address = address_of(instance)
    if instance.status != Status.RUNNING or address is None:
        raise NotRunning(
            f"{instance.name} is {instance.status}, so there is nobody to ask. "
            "Start it, or wait until it runs."
        )
    try:
        with AdminConnection(
            Path(address.socket_path), address.password, timeout_seconds=ANSWER_SECONDS
        ) as connection:
            connection.log_in()
            yield connection
        own_costs.tell(instance.pk, connection.cost)
    except ServerError as error:
        said = without_host_paths(str(error))
        raise Unavailable(f"The server refused: {said}", retry_after_seconds=1) from error
    except Unreachable as error:
        raise Unavailable(
            "The server doesn't answer right now. Try again in a moment.",
            log=f"{instance.pk} doesn't answer: {error}",
            retry_after_seconds=1,
        ) from error
