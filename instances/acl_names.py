"""What people call the ACL users of servers: rooms above tell us here."""

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

Names = Callable[[UUID, Iterable[str]], Mapping[str, str]]
"""From an organization's id and names of ACL users to what its people call them."""

_sources: list[Names] = []


def register(names: Names) -> None:
    _sources.append(names)


def of(organization_id: UUID, users: Iterable[str]) -> Mapping[str, str]:
    """Give the names of those that have one."""
    wanted = sorted(set(users))
    found: dict[str, str] = {}
    for names in _sources:
        found.update(names(organization_id, wanted))
    return found
