"""Who asks, and for what: the values the core needs from the rooms below.

They are protocols, so that a test can pass plain values and the database stays out of the core.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol
from uuid import UUID

from instances.acl import Scope
from instances.spec import Endpoint


class Principal(Protocol):
    """A verified API key."""

    @property
    def key_id(self) -> UUID: ...

    @property
    def organization_id(self) -> UUID: ...

    @property
    def instance_ids(self) -> frozenset[UUID] | None:
        """Give the instances the key may use; None means all of its organization."""

    @property
    def acl_user(self) -> str:
        """Give the name of the key's user on every instance it may use."""

    @property
    def shared_user(self) -> str:
        """Give the user of the key's scope, whose connection it may share; else its own user."""

    @property
    def scopes(self) -> Collection[Scope]:
        """Give what the key may do, for servers that have no user for it."""

    @property
    def has_key_patterns(self) -> bool:
        """Tell whether the key is limited to some keys."""

    @property
    def rate_limit(self) -> int:
        """Give how many commands a second the key may run."""

    @property
    def expires_at(self) -> datetime | None:
        """Give when the key ends, which also counts while the database is away."""

    @property
    def networks(self) -> tuple[str, ...]:
        """Give the networks that the key may be used from; none means from anywhere."""

    @property
    def rotating_hint(self) -> str:
        """Tell which of two secrets came, while a key has two; else nothing."""

    @property
    def token(self) -> str:
        """Give the key itself. Never logged."""

    @property
    def password(self) -> str:
        """Give what opens the key's ACL user, for the most part the key itself. Never logged."""


class Target(Protocol):
    """An instance as the gateway sees it."""

    @property
    def instance_id(self) -> UUID: ...

    @property
    def organization_id(self) -> UUID: ...

    @property
    def endpoint(self) -> Endpoint: ...

    @property
    def shared_passwords(self) -> Mapping[str, str]:
        """Give the passwords of the users of scopes; empty where keys must not share."""

    @property
    def not_running(self) -> str:
        """Say why commands can't be taken and what to do, or be empty when they can."""
