"""The list of instances: what somebody wants to see of it, and the page that shows it.

Names are compared here and not by the database: SQLite finds ``Ä`` for ``ä`` in no way of its own,
and which state people see is decided in `presentation`. So the whole list is read, but of each
instance only what that takes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.core.paginator import Page
from django.http import QueryDict

from instances.presentation import Observed, Shown, badge, page_version
from instances.states import Health, Status
from redisgate.lib import leaves
from redisgate.lib.sorting import PARAMETER, Column, Head, Order, written

PAGE_SIZE = 25
USUAL = Order()


class State(StrEnum):
    """What the list can be narrowed to."""

    RUNNING = "running"
    CHANGING = "changing"
    STOPPED = "stopped"
    TROUBLE = "trouble"


STATES = {
    State.RUNNING: "Running",
    State.CHANGING: "Changing",
    State.STOPPED: "Stopped",
    State.TROUBLE: "Needs attention",
}


class Line(Observed, Protocol):
    """What of an instance decides whether it is shown, and where."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def slug(self) -> str: ...
    @property
    def health(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def memory_mb(self) -> int: ...
    @property
    def created_at(self) -> datetime: ...


L = TypeVar("L", bound=Line)

COLUMNS = (
    *("id", "name", "slug", "health", "provisioner", "status", "wish"),
    *("restart_wish", "restart_done", "acl_done", "crashes"),
    *("purpose", "memory_mb", "created_at"),
)
"""The columns of a line."""

HEADS = (
    Column("Name", "name"),
    Column("Status", "status"),
    Column("Purpose", "purpose"),
    Column("Memory", "memory", is_number=True, begins_high=True),
    Column("Endpoint"),
    Column("Created", "created", begins_high=True),
)
KEYS: dict[str, Callable[[Line], Any]] = {
    "name": lambda line: line.name.casefold(),
    "status": lambda line: badge(line)[1],
    "purpose": lambda line: line.purpose,
    "memory": lambda line: line.memory_mb,
    "created": lambda line: line.created_at,
}
"""What the list is sorted by, column by column."""


def state_of(line: Line) -> State:
    status, _ = badge(line)
    if status == Status.ERROR or (status == Status.RUNNING and line.health == Health.UNHEALTHY):
        return State.TROUBLE
    return State(status) if status in {State.RUNNING, State.STOPPED} else State.CHANGING


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the list shall be shown: all of the words, the state, which page, and its order."""

    words: str = ""
    state: State | None = None
    number: str = "1"
    order: Order = USUAL

    @classmethod
    def of(cls, query: QueryDict) -> "Asked":
        """Read it from an address; a state that isn't one narrows nothing."""
        wanted = leaves.asked(query)
        state = next((each for each in State if each == query.get("state")), None)
        return cls(wanted.words, state, wanted.number, Order.of(query, HEADS))

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.state)

    def fits(self, line: Line) -> bool:
        if self.state is not None and state_of(line) is not self.state:
            return False
        text = f"{line.name}\n{line.slug}".casefold()
        return all(w in text or w == str(line.id) for w in self.words.casefold().split())

    def page_of(self, lines: Sequence[L]) -> "Page[L]":
        fitting = self.order.of_lines((each for each in lines if self.fits(each)), KEYS)
        return leaves.page_of(fitting, PAGE_SIZE, self.number)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of the list for one person."""

    asked: Asked
    page: "Page[Any]"
    rows: list[Shown]
    total: int
    """How many there are at all."""

    @property
    def version(self) -> str:
        """Changes whenever anything on the page would."""
        return page_version(self.rows, self.count, self.total)

    @property
    def count(self) -> int:
        """How many fit what was asked for."""
        return self.page.paginator.count

    @property
    def query(self) -> str:
        """What was asked for, as it stands in an address, but for the page."""
        return written(**self._filters, **{PARAMETER: self.asked.order.word})

    @property
    def heads(self) -> list[Head]:
        return self.asked.order.heads(HEADS, **self._filters)

    @property
    def _filters(self) -> dict[str, str]:
        return {"q": self.asked.words, "state": self.asked.state or ""}

    @property
    def here(self) -> str:
        """What leads to this very page, as it stands in an address; nothing for the first."""
        number = f"page={self.page.number}" if self.page.number > 1 else ""
        return "&".join(filter(None, (number, self.query)))

    def page_with(self, instance_id: UUID) -> int | None:
        """Say on which page an instance is; None where it doesn't fit what was asked for."""
        fitting = (each.id for each in self.page.paginator.object_list)
        index = next((n for n, each in enumerate(fitting) if each == instance_id), None)
        return None if index is None else index // PAGE_SIZE + 1
