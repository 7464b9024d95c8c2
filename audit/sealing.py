"""Retention: what is old leaves the database for a signed file, and only then."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db.models import Min, QuerySet

from audit import chain, seal_files
from audit.actions import Action
from audit.actors import Actor
from audit.models import AuditChain, AuditEvent, AuditSeal
from audit.opening import opened
from audit.seal_files import Stretch
from audit.services import record
from redisgate.lib.errors import Conflict

AT_ONCE = 2000


def events_of(chain_id: UUID) -> QuerySet[AuditEvent]:
    """Return a chain's events in their order."""
    organization = chain.organization_of(chain_id)
    return AuditEvent.objects.filter(organization_id=organization).order_by("sequence")


def seals_of(chain_id: UUID) -> QuerySet[AuditSeal]:
    return AuditSeal.objects.filter(chain_id=chain_id).order_by("last_sequence")


def sealed_end(chain_id: UUID) -> tuple[int, str]:
    """Return sequence and hash of the last sealed event, from which the chain goes on."""
    last = seals_of(chain_id).last()
    return (0, chain.START) if last is None else (last.last_sequence, last.last_hash)


def seal(actor: Actor, chain_id: UUID, *, before: datetime, directory: Path) -> AuditSeal | None:
    """Export what happened before a moment, then remove it; None when there is nothing.

    Interrupted, it leaves at worst sealed events behind, which the next call removes. Raises
    Conflict for a chain that doesn't hold, which must be looked at and not put away.
    """
    sealed = _export(actor, chain_id, before, directory)
    _remove_sealed(chain_id)
    return sealed


def _export(actor: Actor, chain_id: UUID, before: datetime, directory: Path) -> AuditSeal | None:
    end, previous = sealed_end(chain_id)
    last = _last_before(chain_id, before)
    last_event = events_of(chain_id).filter(sequence=last, sequence__gt=end).first()
    if last_event is None:
        return None
    stretch = Stretch(chain_id, end + 1, previous, last, last_event.hash)
    path = directory / f"{chain_id}-{stretch.first:012}-{stretch.last:012}.jsonl.gz"
    seal_files.write(path, stretch, _lines(stretch))
    try:
        seal_files.check(path, stretch)
    except seal_files.BadSeal as error:
        path.unlink()
        raise Conflict(f"Chain {chain_id} doesn't hold: {error}. Run audit_verify.") from error
    return _note(actor, stretch, path)


def _last_before(chain_id: UUID, before: datetime) -> int:
    """Return the last sequence of which it and all before it are older."""
    young = events_of(chain_id).filter(at__gte=before).aggregate(first=Min("sequence"))["first"]
    if young is not None:
        return int(young) - 1
    return AuditChain.objects.get(pk=chain_id).sequence


def _lines(stretch: Stretch) -> Iterator[dict[str, object]]:
    span = (stretch.first, stretch.last)
    for event in events_of(stretch.chain_id).filter(sequence__range=span).iterator(AT_ONCE):
        yield {**chain.content(event), "hash": event.hash}


def _note(actor: Actor, stretch: Stretch, path: Path) -> AuditSeal:
    with opened():
        # Of two who seal at once, the second finds the first one's seal.
        AuditChain.objects.select_for_update().get(pk=stretch.chain_id)
        if sealed_end(stretch.chain_id) != (stretch.first - 1, stretch.previous):
            raise Conflict("Somebody else seals the audit log right now. Try again later.")
        sealed = AuditSeal.objects.create(
            chain_id=stretch.chain_id,
            first_sequence=stretch.first,
            last_sequence=stretch.last,
            last_hash=stretch.head,
            file_name=path.name,
            file_sha256=seal_files.sha256_of(path),
        )
        record(
            actor,
            Action.AUDIT_SEAL,
            organization_id=chain.organization_of(stretch.chain_id),
            object_id=stretch.chain_id,
            object_label=path.name,
            changes={
                "first": stretch.first, "last": stretch.last, "sha256": sealed.file_sha256
            },
        )  # fmt: skip
    return sealed


def _remove_sealed(chain_id: UUID) -> None:
    """Delete in portions, so that on SQLite nobody waits for long."""
    end, _ = sealed_end(chain_id)
    while (first := events_of(chain_id).filter(sequence__lte=end).first()) is not None:
        portion = min(end, first.sequence + AT_ONCE - 1)
        with opened():
            events_of(chain_id).filter(sequence__lte=portion).delete()
