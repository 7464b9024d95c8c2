"""TCP ports: each instance has one of its own, by a unique constraint."""

import secrets

from django.conf import settings
from django.db import IntegrityError, transaction

from instances import moves
from instances.models import Instance
from redisgate.lib.errors import Unavailable

ATTEMPTS = 20


def pick() -> int:
    """Pick a port at random that no instance has; the unique constraint decides in the end."""
    taken = set(Instance.objects.values_list("port", flat=True))
    free = [port for port in settings.INSTANCE_PORTS if port not in taken]
    if not free:
        raise Unavailable(
            "Every port for instances is in use. Delete unused instances, "
            "or ask your operator to widen INSTANCE_PORTS."
        )
    return secrets.choice(free)


def reassign(instance: Instance) -> None:
    """Give the instance another port, because a foreign program listens on its own."""
    for _ in range(ATTEMPTS):
        try:
            with transaction.atomic():
                moves.note(instance, port=pick())
                return
        except IntegrityError:
            continue
    raise Unavailable("No free port could be found for the instance.")
