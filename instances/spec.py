"""What a provisioner is told about one instance: plain values, no database, no Django."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from instances.acl import AclUser
from instances.remote import Remote

DriverState = Mapping[str, str | int | float | bool | None]
"""What a driver remembers about one instance between calls. Opaque to everybody else."""


class EvictionPolicy(StrEnum):
    """What the server does at ``maxmemory``, in its own words."""

    NOEVICTION = "noeviction"
    ALLKEYS_LRU = "allkeys-lru"
    ALLKEYS_LFU = "allkeys-lfu"
    VOLATILE_LRU = "volatile-lru"
    VOLATILE_LFU = "volatile-lfu"
    VOLATILE_TTL = "volatile-ttl"
    ALLKEYS_RANDOM = "allkeys-random"
    VOLATILE_RANDOM = "volatile-random"


class Persistence(StrEnum):
    """What survives a crash of the server: all but the last second, a snapshot, nothing."""

    AOF = "aof"
    SNAPSHOT = "snapshot"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceSpec:
    """The wish for one server."""

    id: UUID
    port: int
    memory_bytes: int
    eviction_policy: EvictionPolicy
    persistence: Persistence
    admin_password: str = field(repr=False)
    """Password of ``rg-admin``, the control plane's own user on the server."""
    acl_users: tuple[AclUser, ...] = ()
    """Everybody else who may log in: ``default``, the users of scopes and one for each API key."""
    remote: Remote | None = None
    """The server itself where somebody else runs it."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server listens: a unix socket for the platform, host and port for people.

    ``remote`` says how to connect where somebody else runs it. Nobody connects to what is only
    simulated.
    """

    socket_path: str | None
    host: str
    port: int
    remote: Remote | None = None
    is_simulated: bool = False

    @property
    def is_checked_here(self) -> bool:
        """Tell whether the server knows one user for all keys, so that we check their scopes."""
        return self.remote is not None and not self.remote.manages_users
