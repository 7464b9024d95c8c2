"""What a page of the data browser shows, as its address says it: reload and back give the same."""

from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict

from browser import quoting
from browser.connection import DATABASES
from browser.decoders import As
from browser.search import TYPES, How, Search

MAX_WORDS_LENGTH = 500
MAX_CURSOR = 2**64 - 1
SEPARATOR = ":"


@dataclass(frozen=True, slots=True)
class State:
    """The search, the place in it, and the key that is open."""

    database: int = 0
    words: str = ""
    how: How = How.CONTAINS
    kind: str = ""
    is_tree: bool = True
    separator: str = SEPARATOR
    below: bytes = b""
    cursor: int = 0
    scanned: int = 0
    found: int = 0
    round: int = 0
    """How often the page has gone on by itself."""
    key: bytes | None = None
    element: bytes | None = None
    """The field or the index of the part that is open alone."""
    start: str = ""
    match: str = ""
    wish: As = As.AUTO

    @classmethod
    def of(cls, query: QueryDict) -> Self:
        """Read an address; what makes no sense in it counts as not said."""
        key, element = query.get("key"), query.get("element")
        return cls(
            database=_number(query.get("db"), DATABASES - 1),
            words=query.get("q", "")[:MAX_WORDS_LENGTH],
            how=_member(How, query.get("how"), How.CONTAINS),
            kind=query.get("type", "") if query.get("type") in TYPES else "",
            is_tree=query.get("view") != "list",
            separator=query.get("sep", SEPARATOR)[:8] or SEPARATOR,
            below=quoting.from_ref(query.get("below", "")),
            cursor=_number(query.get("cursor"), MAX_CURSOR),
            scanned=_number(query.get("scanned"), MAX_CURSOR),
            found=_number(query.get("found"), MAX_CURSOR),
            round=_number(query.get("round"), 1000),
            key=None if key is None else quoting.from_ref(key),
            element=None if element is None else quoting.from_ref(element),
            start=query.get("start", "")[:64],
            match=query.get("match", "")[:MAX_WORDS_LENGTH],
            wish=_member(As, query.get("as"), As.AUTO),
        )

    @property
    def search(self) -> Search:
        return Search(self.words, self.how, self.kind, self.below)

    @property
    def address(self) -> str:
        """The query string that `of` reads back; what is usual is left out."""
        said = {name: value for name, value in self._all().items() if value != _USUAL[name]}
        return urlencode(said)

    def but(self, **changes: Any) -> str:
        """Give the query string of this state with some changes."""
        return replace(self, **changes).address

    @property
    def of_key(self) -> "State":
        """The open key alone, without the search it was found by."""
        return State(database=self.database, key=self.key)

    @property
    def of_search(self) -> "State":
        """The search alone, from its start."""
        return State(
            database=self.database,
            words=self.words,
            how=self.how,
            kind=self.kind,
            is_tree=self.is_tree,
            separator=self.separator,
        )

    def _all(self) -> dict[str, str]:
        key, element = self.key, self.element
        return {
            "db": str(self.database),
            "q": self.words,
            "how": self.how.value,
            "type": self.kind,
            "view": "tree" if self.is_tree else "list",
            "sep": self.separator,
            "below": quoting.to_ref(self.below),
            "cursor": str(self.cursor),
            "scanned": str(self.scanned),
            "found": str(self.found),
            "round": str(self.round),
            "key": _NONE if key is None else quoting.to_ref(key),
            "element": _NONE if element is None else quoting.to_ref(element),
            "start": self.start,
            "match": self.match,
            "as": self.wish.value,
        }


_NONE = "-none-"
_USUAL = State()._all()


def _number(text: str | None, most: int) -> int:
    return min(int(text), most) if text and text.isdecimal() and len(text) <= 20 else 0


def _member(kind: Any, text: str | None, usual: Any) -> Any:
    return kind(text) if text in set(kind) else usual
