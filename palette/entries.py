"""One line of the command palette: what it is called, and what choosing it does."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from uuid import UUID

from palette import matching


class Group(StrEnum):
    """Under which heading an entry stands."""

    ACTIONS = "Actions"
    PAGES = "Pages"
    INSTANCES = "Instances"
    KEYS = "API keys"
    MEMBERS = "Members"
    ORGANIZATIONS = "Organizations"
    ACCOUNT = "Account"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing to open, do or copy. It is also found by ``words``, which nobody sees.

    Exactly one of these says what choosing it does: ``href`` is a page to open, ``post`` an address
    that a form is sent to, ``copies`` the text for the clipboard, ``does`` the name of something
    that the page itself can. ``asks`` is a question that comes first.
    """

    id: str
    """Names it in a browser's list of what was used last, so it says nothing but kind and id."""
    group: Group
    label: str
    icon: str
    note: str = ""
    words: str = ""
    keys: str = ""
    href: str = ""
    post: str = ""
    copies: str = ""
    does: str = ""
    asks: str = ""

    def score(self, words: matching.Words) -> int:
        return matching.score(words, self.label, self.words)

    def as_json(self) -> dict[str, str]:
        return {name: str(value) for name, value in asdict(self).items() if value}


def ids_among(wanted: list[str], kind: str) -> list[UUID]:
    """Read the ids of one kind out of entries' ids, such as ``instance:<uuid>:stop``."""
    found = []
    for entry_id in wanted:
        name, _, rest = entry_id.partition(":")
        if name != kind:
            continue
        try:
            found.append(UUID(rest.partition(":")[0]))
        except ValueError:
            continue
    return found
