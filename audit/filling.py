"""Chains for events that were written before there were any, for a migration."""

from uuid import UUID

from audit import chain, plain
from audit.models import AuditChain, AuditEvent
from audit.services import type_of

AT_ONCE = 500
COLUMNS = ["sequence", "hash", "object_type", "changes", "address"]


def fill_chains(events: type[AuditEvent], chains: type[AuditChain]) -> None:
    """Chain all events of the table, oldest first, and write the heads."""
    organizations = events.objects.order_by().values_list("organization_id", flat=True).distinct()
    for organization_id in list(organizations):
        _fill(events, chains, organization_id)


def _fill(events: type[AuditEvent], chains: type[AuditChain], organization_id: UUID | None) -> None:
    mine = events.objects.filter(organization_id=organization_id).order_by("at", "id")
    sequence, head, batch = 0, chain.START, list[AuditEvent]()
    for sequence, event in enumerate(mine.iterator(chunk_size=AT_ONCE), start=1):
        event.sequence, event.object_type = sequence, type_of(event.action)
        event.changes = plain.without_secrets(event.changes)
        event.address = plain.address(event.address)
        head = event.hash = chain.hash_of(chain.content(event), head)
        batch.append(event)
        if len(batch) == AT_ONCE:
            events.objects.bulk_update(batch, COLUMNS)
            batch.clear()
    events.objects.bulk_update(batch, COLUMNS)
    chain_id = chain.chain_of(organization_id)
    signature = chain.sign(chain.head_text(chain_id, sequence, head))
    chains.objects.create(id=chain_id, sequence=sequence, hash=head, signature=signature)
