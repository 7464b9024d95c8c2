"""Who is behind a token: the signature first, then one query."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypedDict
from uuid import UUID

from django.utils import timezone

from apikeys import token as token_format
from apikeys.models import ApiKey
from instances import acl
from instances.acl import Scope
from redisgate.lib import tokens


class Reason(StrEnum):
    """Why a token opens nothing; for the log and for counters, never for the client."""

    MALFORMED = "malformed"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    """The key is good, and its organization is suspended: this one the client is told."""


class KeyRefused(Exception):
    """The token opens nothing, and the client is told why only where ``reason`` says so."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedKey:
    """A key that was valid a moment ago.

    ``instance_ids`` None means all of the organization. ``rate_limit`` is commands a second.
    """

    key_id: UUID
    organization_id: UUID
    name: str
    acl_user: str
    shared_user: str
    """The user of the key's scope; ``acl_user`` where no other has the same rights."""
    token: str = field(repr=False)
    scopes: frozenset[Scope]
    has_key_patterns: bool
    instance_ids: frozenset[UUID] | None
    rate_limit: int
    expires_at: datetime | None

    @property
    def all_instances(self) -> bool:
        return self.instance_ids is None


def verify(token: str) -> VerifiedKey:
    """Return the key that this token is. Raises KeyRefused."""
    try:
        key_id = token_format.key_id_of(token)
    except tokens.ExpiredToken:
        raise KeyRefused(Reason.EXPIRED) from None
    except tokens.BadToken:
        raise KeyRefused(Reason.MALFORMED) from None
    rows = list(ApiKey.objects.filter(pk=key_id).order_by().values(*_COLUMNS))
    if not rows or not hmac.compare_digest(rows[0]["fingerprint"], tokens.fingerprint(token)):
        raise KeyRefused(Reason.UNKNOWN)
    _refuse_ended(rows[0])
    return _verified(token, rows[0], (row["instances"] for row in rows))


class Reach(Protocol):
    """How far a key reaches; ``instance_ids`` None means all of the organization."""

    @property
    def organization_id(self) -> UUID: ...

    @property
    def instance_ids(self) -> frozenset[UUID] | None: ...


def may_use(key: Reach, *, instance_id: UUID, organization_id: UUID) -> bool:
    """Tell whether the key opens this instance, which belongs to this organization."""
    if key.organization_id != organization_id:
        return False
    return key.instance_ids is None or instance_id in key.instance_ids


class _Row(TypedDict):
    """One key joined with one of its chosen instances, so that one query brings all of them."""

    pk: UUID
    organization_id: UUID
    name: str
    prefix: str
    fingerprint: str
    scopes: list[str]
    key_patterns: list[str]
    all_instances: bool
    instances: UUID | None
    rate_limit: int
    expires_at: datetime | None
    revoked_at: datetime | None
    organization__suspended_at: datetime | None


_COLUMNS = tuple(_Row.__annotations__)


def _refuse_ended(row: _Row) -> None:
    if row["revoked_at"] is not None:
        raise KeyRefused(Reason.REVOKED)
    if row["expires_at"] is not None and row["expires_at"] <= timezone.now():
        raise KeyRefused(Reason.EXPIRED)
    if row["organization__suspended_at"] is not None:
        raise KeyRefused(Reason.SUSPENDED)


def _verified(token: str, row: _Row, chosen: Iterable[UUID | None]) -> VerifiedKey:
    scopes = frozenset(Scope(scope) for scope in row["scopes"])
    return VerifiedKey(
        key_id=row["pk"],
        organization_id=row["organization_id"],
        name=row["name"],
        acl_user=row["prefix"],
        shared_user=acl.scope_user(scopes, row["key_patterns"]) or row["prefix"],
        token=token,
        scopes=scopes,
        has_key_patterns=bool(row["key_patterns"]),
        instance_ids=None if row["all_instances"] else frozenset(filter(None, chosen)),
        rate_limit=row["rate_limit"],
        expires_at=row["expires_at"],
    )
