"""Who is behind a token: the signature first, then one query."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypedDict
from uuid import UUID

from django.utils import timezone

from apikeys import gateway_passwords
from apikeys import token as token_format
from apikeys.models import ApiKey
from instances import acl
from instances.acl import Scope
from quotas import rate_limits
from redisgate.lib import tokens

TRUSTED_SECONDS = 0.8
"""For how long whoever has verified a token may take it for good without asking again."""


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
    password: str = field(repr=False)
    """What the platform logs in with as ``acl_user``."""
    scopes: frozenset[Scope]
    has_key_patterns: bool
    instance_ids: frozenset[UUID] | None
    rate_limit: int
    expires_at: datetime | None
    """When this token ends, which for the former secret of a key is sooner than the key."""
    networks: tuple[str, ...] = ()
    """From where it may be used; none means from anywhere."""
    rotating_hint: str = ""
    """Which of two secrets came, while a key has two."""

    @property
    def all_instances(self) -> bool:
        return self.instance_ids is None


def verify(token: str) -> VerifiedKey:
    """Return the key that this token is. Raises KeyRefused."""
    try:
        key_id = token_format.key_id_of(token)
    except tokens.BadToken:
        raise KeyRefused(Reason.MALFORMED) from None
    rows = list(ApiKey.objects.filter(pk=key_id).order_by().values(*_COLUMNS))
    if not rows:
        raise KeyRefused(Reason.UNKNOWN)
    secret = _secret(token, rows[0])
    _refuse_ended(rows[0], secret.ends_at)
    return _verified(token, secret, rows[0], (row["instances"] for row in rows))


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
    hint: str
    former_fingerprint: str | None
    former_hint: str | None
    former_until: datetime | None
    networks: list[str] | None
    scopes: list[str]
    key_patterns: list[str]
    all_instances: bool
    instances: UUID | None
    rate_limit: int
    expires_at: datetime | None
    revoked_at: datetime | None
    organization__suspended_at: datetime | None
    organization__quota__rate_limit_override: int | None
    organization__quota__plan__rate_limit_most: int | None
    organization__quota__plan__rate_limit: int | None


_COLUMNS = tuple(_Row.__annotations__)


@dataclass(frozen=True, slots=True)
class _Secret:
    """The one of a key's secrets that came; ``hint`` while there are two."""

    fingerprint: str
    ends_at: datetime | None
    hint: str


def _secret(token: str, row: _Row) -> _Secret:
    """Find out which secret the token is. Raises KeyRefused."""
    fingerprint, key_ends_at, until = (
        tokens.fingerprint(token),
        row["expires_at"],
        row["former_until"],
    )
    has_two = until is not None and until > timezone.now()
    if hmac.compare_digest(row["fingerprint"], fingerprint):
        return _Secret(fingerprint, key_ends_at, row["hint"] if has_two else "")
    if until is None or not hmac.compare_digest(row["former_fingerprint"] or "", fingerprint):
        raise KeyRefused(Reason.UNKNOWN)
    ends_at = until if key_ends_at is None else min(until, key_ends_at)
    return _Secret(fingerprint, ends_at, row["former_hint"] or "")


def _refuse_ended(row: _Row, ends_at: datetime | None) -> None:
    if row["revoked_at"] is not None:
        raise KeyRefused(Reason.REVOKED)
    if ends_at is not None and ends_at <= timezone.now():
        raise KeyRefused(Reason.EXPIRED)
    if row["organization__suspended_at"] is not None:
        raise KeyRefused(Reason.SUSPENDED)


def _most(row: _Row) -> int:
    """Say what a key may run now: what its row says may be of a larger plan."""
    return rate_limits.ceiling(
        override=row["organization__quota__rate_limit_override"],
        plan_most=row["organization__quota__plan__rate_limit_most"],
        plan_usual=row["organization__quota__plan__rate_limit"],
    )


def _verified(token: str, secret: _Secret, row: _Row, chosen: Iterable[UUID | None]) -> VerifiedKey:
    networks = tuple(row["networks"] or ())
    scopes = frozenset(Scope(scope) for scope in row["scopes"])
    return VerifiedKey(
        key_id=row["pk"],
        organization_id=row["organization_id"],
        name=row["name"],
        acl_user=row["prefix"],
        shared_user=acl.scope_user(scopes, row["key_patterns"]) or row["prefix"],
        token=token,
        password=gateway_passwords.password_of(secret.fingerprint, token=token, networks=networks),
        scopes=scopes,
        has_key_patterns=bool(row["key_patterns"]),
        instance_ids=None if row["all_instances"] else frozenset(filter(None, chosen)),
        rate_limit=min(row["rate_limit"], _most(row)),
        expires_at=secret.ends_at,
        networks=networks,
        rotating_hint=secret.hint,
    )
