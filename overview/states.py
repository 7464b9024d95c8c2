"""How a page knows that an instance is no longer what it shows. Pure."""

from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from instances.listing import COLUMNS
from instances.listing import Line as Listed

State = tuple[object, ...]


def state_of(line: Listed) -> State:
    """Give everything of an instance that its word, health and name are made of."""
    return tuple(getattr(line, name) for name in COLUMNS)


def states(lines: Iterable[Listed]) -> dict[UUID, State]:
    return {line.id: state_of(line) for line in lines}


def version(states: dict[UUID, State]) -> str:
    """Digest them, whatever their order."""
    seen = "\0".join(sorted(map(repr, states.values())))
    return sha256(seen.encode()).hexdigest()[:16]
