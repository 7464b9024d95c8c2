"""What people made in the organization, and whether it stays when they go.

Only the rooms above know; they register their sources when Django starts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from accounts.models import User
from orgs.access import Access


@dataclass(frozen=True, slots=True)
class Belonging:
    """One thing, and where the one who asks can end it; an empty ``url`` where they can't."""

    label: str
    note: str
    url: str
    is_ending: bool = False
    """Whether it stops with the membership, instead of staying in use."""


Source = Callable[[Access, User], Sequence[Belonging]]

_sources: list[Source] = []


def register(source: Source) -> None:
    _sources.append(source)


def belongings_of(access: Access, person: User) -> list[Belonging]:
    """Ask every source what this person made here, for the one who has this access."""
    return [each for source in _sources for each in source(access, person)]
