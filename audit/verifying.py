"""Whether the chain holds: recomputed from its events, or from its sealed files and the rest."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from audit import chain, seal_files
from audit.models import AuditChain, AuditEvent
from audit.seal_files import BadSeal, Stretch
from audit.sealing import AT_ONCE, events_of, sealed_end, seals_of


@dataclass(frozen=True, slots=True)
class Anchor:
    """A chain's end at some moment, kept elsewhere: what came before can't change unnoticed."""

    chain_id: UUID
    sequence: int
    hash: str
    signature: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many events were looked at, where the chain ended, and the first thing wrong."""

    chain_id: UUID
    events: int
    sealed: int
    head: Anchor | None
    fault: str = ""


class Broken(Exception):
    """The first place at which a chain doesn't hold."""


def chains() -> list[UUID]:
    """Return every chain, also one whose head somebody took away."""
    known = set(AuditChain.objects.values_list("pk", flat=True))
    organizations = AuditEvent.objects.order_by().values_list("organization_id", flat=True)
    found = {chain.chain_of(each) for each in organizations.distinct()}
    return sorted(known | found)


def verify(chain_id: UUID, *, anchor: Anchor | None = None, files: Path | None = None) -> Verdict:
    """Follow a chain from its start to its head; ``files`` is where its sealed files are.

    Events that are written meanwhile are left for the next time.
    """
    newest = events_of(chain_id).last()
    head = AuditChain.objects.filter(pk=chain_id).first()
    start, _ = sealed_end(chain_id)
    fault, seen = "", 0
    end = None if head is None else Anchor(head.id, head.sequence, head.hash, head.signature)
    try:
        if files is not None:
            _check_files(chain_id, files)
        hashes = {anchor.sequence: ""} if anchor else {}
        seen = _follow(chain_id, end, newest, hashes)
        _check_anchor(anchor, start, hashes)
    except Broken as broken:
        fault = str(broken)
    return Verdict(chain_id, seen, start, end, fault)


def _follow(
    chain_id: UUID, head: Anchor | None, newest: AuditEvent | None, wanted: dict[int, str]
) -> int:
    """Recompute each hash up to the head, and note the wanted ones. Raises Broken."""
    if head is None:
        raise Broken("the head of the chain is missing")
    start, previous = sealed_end(chain_id)
    sequence = start
    span = (start + 1, head.sequence)
    for event in events_of(chain_id).filter(sequence__range=span).iterator(AT_ONCE):
        sequence += 1
        if event.sequence != sequence:
            raise Broken(_missing(sequence, event.sequence - 1))
        previous = chain.hash_of(chain.content(event), previous)
        if event.hash != previous:
            raise Broken(f"event {sequence} ({event.id}) was changed")
        if sequence in wanted:
            wanted[sequence] = previous
    if sequence < head.sequence:
        raise Broken(_missing(sequence + 1, head.sequence))
    _check_head(head, previous, newest)
    return sequence - start


def _check_head(head: Anchor, last_hash: str, newest: AuditEvent | None) -> None:
    if head.hash != last_hash:
        raise Broken(f"the head of the chain isn't the hash of event {head.sequence}")
    text = chain.head_text(head.chain_id, head.sequence, head.hash)
    if head.sequence and not chain.is_signed(text, head.signature):
        raise Broken("the head of the chain isn't signed with a key of this platform")
    if newest is not None and newest.sequence > head.sequence:
        raise Broken(f"event {head.sequence + 1} lies beyond the head of the chain")


def _check_anchor(anchor: Anchor | None, start: int, hashes: dict[int, str]) -> None:
    """Compare with what was noted earlier; what is sealed since was checked with its file."""
    if anchor is None or 0 < anchor.sequence <= start:
        return
    text = chain.head_text(anchor.chain_id, anchor.sequence, anchor.hash)
    if not chain.is_signed(text, anchor.signature):
        raise Broken("the anchor isn't signed with a key of this platform")
    if hashes[anchor.sequence] != anchor.hash:
        raise Broken(f"event {anchor.sequence} isn't the one that the anchor speaks of")


def _check_files(chain_id: UUID, directory: Path) -> None:
    sequence, previous = 0, chain.START
    for seal in seals_of(chain_id):
        path = directory / seal.file_name
        stretch = Stretch(chain_id, sequence + 1, previous, seal.last_sequence, seal.last_hash)
        try:
            seal_files.check(path, stretch)
        except BadSeal as error:
            raise Broken(f"sealed file {path}: {error}") from error
        sequence, previous = seal.last_sequence, seal.last_hash


def _missing(first: int, last: int) -> str:
    return f"event {first} is missing" if first == last else f"events {first} to {last} are missing"
