"""The first connection to an instance, remembered, so that its page needn't listen again.

A command that was seen on the way is noted as the organization's first, too: over the Redis
protocol nobody counts them.
"""

from contextlib import suppress
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from instances.connections import Connections, Event
from instances.models import FirstConnection, Instance
from instances.witness import Visitor
from instances.witness_words import Told
from orgs import first_command
from redisgate.lib.errors import Unavailable
from redisgate.lib.write_lock import retried_when_locked

GETTING_READY = frozenset(
    {"", "AUTH", "HELLO", "CLIENT", "SELECT", "COMMAND", "QUIT", "RESET", "NULL"}
)
"""What clients send by themselves before anybody has typed anything."""


def has_command(seen: Connections) -> bool:
    """Tell whether a person's own command came over the Redis protocol."""
    return any(each.visitor and is_first_command(each.visitor) for each in seen.visitors)


def is_first_command(visitor: Visitor) -> bool:
    """Tell it of one of them. What comes over HTTP is counted with its answer, unseen here."""
    words = visitor.command.split()
    return not visitor.is_http and bool(words) and words[0] not in GETTING_READY


def remember(instance: Instance, seen: Connections) -> None:
    """Keep the first who was seen; what can't be kept is only seen again."""
    # The instance may be gone meanwhile.
    with suppress(Unavailable, IntegrityError):
        if has_command(seen):
            note_command(instance.organization_id)
        if seen.visitors:  # last, because nobody listens again then
            _keep(instance, seen.visitors[0])


@retried_when_locked
def note_command(organization_id: UUID) -> None:
    """Note that an organization's own command was seen. Raises Unavailable."""
    first_command.note({organization_id: timezone.now()})


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
