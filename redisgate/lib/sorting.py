"""Order of lists on pages, as an address asks for it: ``?sort=name``, ``?sort=-created``."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import Expression, F, Model, QuerySet
from django.db.models.expressions import OrderBy
from django.http import QueryDict

PARAMETER = "sort"
M = TypeVar("M", bound=Model)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column:
    """One head of a table; without a name it can't be sorted by."""

    label: str
    name: str = ""
    by: str | Expression = ""
    """What the database sorts by."""
    is_number: bool = False
    begins_high: bool = False
    """Whether the first click wants the newest or the largest first."""


@dataclass(frozen=True, slots=True)
class Head:
    """A head as the page shows it; ``query`` leads to the list in this column's order."""

    label: str
    name: str
    is_number: bool
    direction: str
    query: str


@dataclass(frozen=True, slots=True)
class Order:
    """What a list is sorted by; no column means its usual order."""

    column: Column | None = None
    is_descending: bool = False

    @classmethod
    def of(cls, query: QueryDict, columns: Sequence[Column]) -> "Order":
        """Read it from an address; an order that isn't one changes nothing."""
        word = query.get(PARAMETER, "")
        name = word.removeprefix("-")
        column = next((each for each in columns if each.name and each.name == name), None)
        return cls(column, column is not None and word.startswith("-"))

    @property
    def word(self) -> str:
        """Write it as it stands in an address."""
        return "" if self.column is None else f"{'-' * self.is_descending}{self.column.name}"

    def of_rows(self, rows: "QuerySet[M]", usual: Sequence[str]) -> "QuerySet[M]":
        """Sort in the database; empty values come last, and equal ones in the usual order."""
        if self.column is None:
            return rows.order_by(*usual)
        by = F(self.column.by) if isinstance(self.column.by, str) else self.column.by
        return rows.order_by(OrderBy(by, descending=self.is_descending, nulls_last=True), *usual)

    def of_lines(self, lines: Iterable[T], keys: Mapping[str, Callable[[T], Any]]) -> list[T]:
        """Sort here; equal ones stay in the order they came in."""
        if self.column is None:
            return list(lines)
        return sorted(lines, key=keys[self.column.name], reverse=self.is_descending)

    def heads(self, columns: Iterable[Column], **others: str) -> list[Head]:
        """Give the heads; ``others`` is what else the list's address says."""
        return [self._head(column, others) for column in columns]

    def _head(self, column: Column, others: Mapping[str, str]) -> Head:
        is_mine = self.column is not None and column.name == self.column.name
        falls = not self.is_descending if is_mine else column.begins_high
        direction = ("descending" if self.is_descending else "ascending") if is_mine else ""
        query = written(**others, **{PARAMETER: f"{'-' * falls}{column.name}"})
        return Head(column.label, column.name, column.is_number, direction, query)


def written(**words: str) -> str:
    """Write the words of an address that say something."""
    return urlencode({name: text for name, text in words.items() if text})
