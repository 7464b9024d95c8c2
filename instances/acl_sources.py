"""Who may log in to an instance, besides its own users: rooms above tell us here.

API keys live above instances and are never imported by them; they register a source when
Django starts.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from instances.acl import AclUser
from instances.models import Instance


@dataclass(frozen=True, slots=True)
class AclShare:
    """The users that one source has for one instance, and until when that is true."""

    users: tuple[AclUser, ...]
    valid_until: datetime | None = None


AclSource = Callable[[Instance], AclShare]

_sources: list[AclSource] = []


def register(source: AclSource) -> None:
    _sources.append(source)


def collect(instance: Instance) -> AclShare:
    """Gather the users of every source, in a stable order."""
    shares = [source(instance) for source in _sources]
    users = sorted((user for share in shares for user in share.users), key=lambda user: user.name)
    ends = [share.valid_until for share in shares if share.valid_until is not None]
    return AclShare(tuple(users), min(ends, default=None))
