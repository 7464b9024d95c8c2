"""The first connection to an instance, remembered, so that its page needn't listen again."""

from contextlib import suppress

from django.db import IntegrityError, transaction

from instances.connections import Connections, Event
from instances.models import FirstConnection, Instance
from instances.witness_words import Told
from redisgate.lib.errors import Unavailable
from redisgate.lib.write_lock import retried_when_locked


def remember(instance: Instance, seen: Connections) -> None:
    """Keep the first who was seen; what can't be kept is only seen again."""
    if seen.visitors:
        # The instance may be gone meanwhile.
        with suppress(Unavailable, IntegrityError):
            _keep(instance, seen.visitors[0])


def recall(instance: Instance) -> Connections | None:
    """Give who came first, or None where nobody has been seen yet."""
    known = FirstConnection.objects.filter(instance=instance).first()
    if known is None:
        return None
    return Connections((Event(Told(known.words), known.at),))


@retried_when_locked
def _keep(instance: Instance, first: Event) -> None:
    with transaction.atomic():
        FirstConnection.objects.get_or_create(
            instance=instance, defaults={"words": first.told.text, "at": first.at}
        )
