"""What one picture shows: plain data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from playwright.sync_api import Page

Act: TypeAlias = Callable[[Page], object]

DASHBOARD = "dashboard"
FOREIGN = "foreign"
"""Pages that a library draws, so that their words and forms are not ours to mend."""
PAPER = "paper"
"""Drawn into a file, as no address shows it."""
MORE = "more"
"""States that only whoever calls the gallery looks at; tests check others of their kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A page in one state.

    ``path`` has the world's facts in braces. ``who`` is logged in, or nobody. ``before`` happens
    before the page is asked for, ``after`` once it is there. ``status`` is the one that it answers
    with. One that never comes to rest is taken as it stands. ``is_forced`` asks for
    a picture more, where the system forces its own colours.
    """

    name: str
    path: str
    who: str | None = "owner"
    before: Act | None = None
    after: Act | None = None
    status: int = 200
    comes_to_rest: bool = True
    is_printed: bool = False
    is_forced: bool = False
    kind: str = DASHBOARD


def entry(name: str, path: str, who: str | None = "owner", **more: object) -> Entry:
    """Write an entry on one line."""
    return Entry(name=name, path=path, who=who, **more)  # type: ignore[arg-type]
