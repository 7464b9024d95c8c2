"""The chain: each event carries a hash over its own content and over the hash before it.

Whoever changes, removes or inserts an event in the middle breaks every hash behind it. The head
is signed with a key that the database doesn't hold, so a chain that was computed anew by SQL
alone is noticed, too.
"""

import hashlib
import hmac
import ipaddress
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from django.conf import settings

PLATFORM = UUID(int=0)
"""The chain of what belongs to no organization."""

START = "0" * 64
"""The hash before the first event."""

VERSION = 1


class Event(Protocol):
    """What is hashed of an event, also of one from a migration's or a file's point of view."""

    id: UUID
    sequence: int
    at: datetime
    organization_id: UUID | None
    actor_id: UUID | None
    actor_label: str
    means: str
    address: str | None
    request_id: str
    action: str
    object_type: str
    object_id: UUID
    object_label: str
    changes: Mapping[str, object]


def chain_of(organization_id: UUID | None) -> UUID:
    return organization_id or PLATFORM


def organization_of(chain: UUID) -> UUID | None:
    return None if chain == PLATFORM else chain


def content(event: Event) -> dict[str, object]:
    """Give what the hash covers, which is all of the event, in plain JSON values."""
    return {
        "v": VERSION,
        "id": str(event.id),
        "sequence": event.sequence,
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "organization": _text(event.organization_id),
        "actor": _text(event.actor_id),
        "actor_label": event.actor_label,
        "means": event.means,
        "address": str(ipaddress.ip_address(event.address)) if event.address else None,
        "request_id": event.request_id,
        "action": event.action,
        "object_type": event.object_type,
        "object": str(event.object_id),
        "object_label": event.object_label,
        "changes": event.changes,
    }


def hash_of(content: Mapping[str, object], previous: str) -> str:
    """Chain an event's content to the hash before it: SHA-256 of both, as hexadecimal digits."""
    return hashlib.sha256(f"{previous}\n{canonical(content)}".encode()).hexdigest()


def canonical(value: object) -> str:
    """Write JSON in the one way in which equal content is equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def sign(text: str) -> str:
    """Sign with the newest of the platform's keys: the key's name, a colon, the signature."""
    return _signature(settings.ENCRYPTION_KEYS[0], text)


def is_signed(text: str, signature: str) -> bool:
    """Tell whether one of the platform's keys, older ones included, made the signature."""
    return any(
        hmac.compare_digest(_signature(key, text), signature) for key in settings.ENCRYPTION_KEYS
    )


def head_text(chain: UUID, sequence: int, head_hash: str) -> str:
    """Say what the signature of a head covers."""
    return f"redisgate audit head {chain} {sequence} {head_hash}"


def _signature(key: str, text: str) -> str:
    derived = hmac.digest(key.encode(), b"redisgate audit", "sha256")
    name = hashlib.sha256(derived).hexdigest()[:8]
    return f"{name}:{hmac.digest(derived, text.encode(), 'sha256').hex()}"


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
