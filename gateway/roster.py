"""All connections of one event loop: which are in use, which are at rest, and how many there were.

Looking after them costs as much as there is going on, not as many as there are.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from gateway.limits import Limits


class Tended(Protocol):
    """A connection as the roster sees it."""

    is_usable: bool
    is_at_rest: bool

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is under way."""

    def expire(self, now: float) -> None:
        """Give up what is too late."""

    def close(self) -> None:
        """Close in good order; what was never sent goes elsewhere."""


L = TypeVar("L", bound=Tended)


class Waiting(Protocol):
    """Commands that wait for a connection."""

    def expire(self, now: float) -> None:
        """Refuse what has waited too long."""


@dataclass(slots=True)
class Counts:
    """What happened to connections since the start, in plain integers."""

    opened: int = 0
    lost: int = 0
    """Ended by the other side, by a reply that nobody could read, or by a failed health check."""
    circuits_opened: int = 0
    circuits_closed: int = 0
    refused_by_circuit: int = 0


class Roster:
    """Who is to be looked after at the next tick."""

    def __init__(self, limits: Limits) -> None:
        self._idle_seconds = limits.idle_seconds
        self._in_use: set[Tended] = set()
        self._at_rest: OrderedDict[Tended, float] = OrderedDict()
        self.waiting: set[Waiting] = set()
        self.counts = Counts()

    def __len__(self) -> int:
        return len(self._in_use) + len(self._at_rest)

    @property
    def in_use(self) -> int:
        return len(self._in_use)

    def admit(self, link: Tended) -> None:
        """Begin to look after a link."""
        self._in_use.add(link)
        self.counts.opened += 1

    def rouse(self, link: Tended) -> float:
        """Note that a link at rest is used again, and say since when it has rested."""
        self._in_use.add(link)
        return self._at_rest.pop(link)

    def rested_longest(self, links: Iterable[L]) -> L | None:
        """Find the one of these that has been at rest for longest, if any is."""
        resting = [link for link in links if link.is_at_rest]
        return min(resting, key=lambda link: self._at_rest[link], default=None)

    def remove(self, link: Tended) -> None:
        link.is_at_rest = False
        self._in_use.discard(link)
        self._at_rest.pop(link, None)

    def sweep(self, now: float) -> None:
        """Give up what is too late, put to rest what does nothing, close what rests too long."""
        for lane in list(self.waiting):
            lane.expire(now)
        for link in list(self._in_use):
            link.expire(now)
            if link.is_empty:
                self._put_to_rest(link, now)
        while self._at_rest:
            link, since = next(iter(self._at_rest.items()))
            if now - since <= self._idle_seconds:
                return
            self._close(link)

    def _put_to_rest(self, link: Tended, now: float) -> None:
        if link.is_usable:
            self._in_use.discard(link)
            self._at_rest[link] = now
            link.is_at_rest = True
        else:
            self._close(link)

    def _close(self, link: Tended) -> None:
        self.remove(link)
        link.close()
