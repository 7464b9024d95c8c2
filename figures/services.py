"""What can be done to what figures show."""

from django.db import transaction

from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from figures.asking import conversation
from figures.clients import connected_to
from instances.models import Instance
from redisgate.lib.errors import NotFound


def disconnect(actor: Actor, instance: Instance, client_id: int) -> None:
    """Close one native connection.

    Raises NotFound where there is none, for the platform's own ones too, NotRunning, Unavailable.
    """
    here = {each.id: each for each in connected_to(instance).clients}
    client = here.get(client_id)
    if client is None:
        raise NotFound("There is no such connection. It may have closed by itself.")
    with transaction.atomic():
        audit.record(
            actor,
            Action.INSTANCE_DISCONNECT,
            organization_id=instance.organization_id,
            object_id=instance.pk,
            object_label=instance.name,
            changes={"address": client.address, "client": client.name, "user": client.who},
        )
        with conversation(instance) as connection:
            connection.call("CLIENT", "KILL", "ID", str(client_id))
