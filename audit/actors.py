"""Who does something, and by which means."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Means(StrEnum):
    """The door through which a mutation came."""

    DASHBOARD = "dashboard"
    API = "api"
    KEY = "key"
    COMMAND = "command"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The one who is answerable for a mutation; ``user_id`` is None for the platform itself.

    ``role_at_most`` limits what counts of their role, where a key acts in their name.
    """

    user_id: UUID | None
    label: str
    means: Means
    address: str | None = None
    role_at_most: str | None = None


SYSTEM = Actor(user_id=None, label="RedisGate", means=Means.SYSTEM)
