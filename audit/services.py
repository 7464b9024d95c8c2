"""The one way to write down what happened."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from audit import chain, plain
from audit.actions import Action
from audit.actors import Actor
from audit.models import AuditChain, AuditEvent
from redisgate.lib import request_id


def record(
    actor: Actor,
    action: Action,
    *,
    organization_id: UUID | None,
    object_id: UUID,
    object_label: str,
    changes: Mapping[str, object] | None = None,
) -> AuditEvent:
    """Write one event inside the caller's transaction. ``changes`` never holds a secret.

    Until that transaction ends, nobody else writes an event of the same organization: call it
    last, after other rows are locked, for several organizations in the order of their ids, and
    the platform's event after an organization's. Who calls it otherwise may meet somebody who
    came from the other side, and has to begin again (`redisgate.lib.write_lock`).
    """
    event = AuditEvent(
        organization_id=organization_id,
        actor_id=actor.user_id,
        actor_label=plain.text(actor.label, 254),
        means=actor.means.value,
        address=plain.address(actor.address),
        request_id=request_id.current(),
        action=action.value,
        object_type=type_of(action),
        object_id=object_id,
        object_label=plain.text(object_label, 200),
        changes=plain.without_secrets(changes or {}),
    )
    with transaction.atomic(savepoint=False):  # each is a way to the database and back
        _append(event)
    return event


def type_of(action: str) -> str:
    """Name what an action is done to: the word before the dot."""
    return action.partition(".")[0]


def _append(event: AuditEvent) -> None:
    head = _locked_head(chain.chain_of(event.organization_id))
    event.sequence = head.sequence + 1
    event.at = timezone.now()  # not before the lock, so that times follow the sequence
    event.hash = chain.hash_of(chain.content(event), head.hash)
    event.save(force_insert=True)
    head.sequence, head.hash = event.sequence, event.hash
    head.signature = chain.sign(chain.head_text(head.id, head.sequence, head.hash))
    head.save(update_fields=["sequence", "hash", "signature"])


def _locked_head(chain_id: UUID) -> AuditChain:
    heads = AuditChain.objects.select_for_update().filter(pk=chain_id)
    head = heads.first()
    if head is None:
        # Of two who begin a chain at once, the second waits here for the first.
        beginning = AuditChain(id=chain_id, sequence=0, hash=chain.START)
        AuditChain.objects.bulk_create([beginning], ignore_conflicts=True)
        head = heads.get()
    return head
