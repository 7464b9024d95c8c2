"""What organizations are called, for lists of events: the room that knows it registers itself."""

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

Source = Callable[[Collection[UUID]], Mapping[UUID, str]]

_sources: list[Source] = []


def register(source: Source) -> None:
    _sources.append(source)


def of(ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Give the names of those that exist."""
    return {organization: name for source in _sources for organization, name in source(ids).items()}
