"""What is in an organization, in numbers: what its deletion ends, and how far that is.

Only the rooms above know; they register their sources when Django starts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from orgs.models import Organization


@dataclass(frozen=True, slots=True)
class Content:
    """So much of one kind, by a name for programs and in words: ``3 instances``."""

    name: str
    number: int
    words: str


Source = Callable[[Organization], Sequence[Content]]

_sources: list[Source] = []


def register(source: Source) -> None:
    _sources.append(source)


def contents_of(organization: Organization) -> list[Content]:
    """Ask every source, and leave out what there is none of."""
    return [each for source in _sources for each in source(organization) if each.number]


def in_words(contents: Sequence[Content]) -> str:
    """Say ``3 instances, 512 MB of data and 2 API keys``; nothing where nothing is."""
    words = [each.words for each in contents]
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
