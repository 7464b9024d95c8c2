"""The way from a new organization to its first command.

What a step is, and whether it is done, only the rooms above know; they register their steps
when Django starts, and the overview walks the first one that is open.
"""

from collections.abc import Callable
from dataclasses import dataclass

from orgs.access import Access
from orgs.models import Organization
from orgs.roles import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStep:
    """One thing to do once. ``text`` says what it is good for, ``waiting`` who else can do it."""

    position: int
    short: str
    icon: str
    title: str
    text: str
    waiting: str
    action: str
    url_name: str
    permission: Permission
    is_done: Callable[[Organization], bool]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an organization stands: its steps in order, and the first that is open."""

    steps: tuple[FirstStep, ...]
    done: frozenset[int]

    @property
    def current(self) -> FirstStep | None:
        return next((step for step in self.steps if step.position not in self.done), None)

    @property
    def is_at_the_start(self) -> bool:
        return bool(self.steps) and self.current is self.steps[0]


_steps: dict[int, FirstStep] = {}


def register(step: FirstStep) -> None:
    _steps[step.position] = step


def progress_of(access: Access) -> Progress:
    """Ask every room whether its step is done, in order."""
    steps = tuple(_steps[position] for position in sorted(_steps))
    done = frozenset(step.position for step in steps if step.is_done(access.organization))
    return Progress(steps, done)
