"""SCAN within bounds: a request looks at a part of the keys and hands the cursor back.

A server does one thing at a time, so each step must be short, and all steps of one request
together, too. The size of the next step follows the last one's time, and how many keys of those
scanned were wanted: a step that finds everything is small, one that finds nothing is large.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from browser.connection import Server, Word
from browser.search import Search

FIRST_COUNT = 250
LEAST_COUNT = 50
# No server needs a millisecond for as many: what looks slower is a busy machine of ours.
QUICK_COUNT = 1000
MOST_COUNT = 20_000
STEP_SECONDS = 0.004


@dataclass(frozen=True, slots=True)
class Budget:
    """What one request may cost. ``busy_seconds`` bounds the time that the server works for it."""

    wanted: int = 200
    busy_seconds: float = 0.03
    wall_seconds: float = 0.4
    steps: int = 400


@dataclass(slots=True)
class Portion:
    """What one request found; ``cursor`` is 0 when all keys were scanned."""

    cursor: int
    scanned: int = 0
    names: list[bytes] = field(default_factory=list)
    steps: int = 0

    @property
    def is_last(self) -> bool:
        return self.cursor == 0


def _itself(name: bytes) -> bytes:
    return name


def scan(
    server: Server,
    search: Search,
    cursor: int,
    budget: Budget,
    *,
    row_of: Callable[[bytes], bytes] = _itself,
    clock: Callable[[], float] = time.perf_counter,
) -> Portion:
    """Go on from a cursor until enough is found, all is scanned, or the budget is spent.

    ``row_of`` says in which line a name is shown, where a page groups them.
    ``Portion.scanned`` is near the truth: a step may look at a few keys more than it was told.
    """
    started = clock()
    busy = 0.0
    count = FIRST_COUNT
    found: dict[bytes, None] = {}
    rows: set[bytes] = set()
    portion = Portion(cursor)
    while True:
        before = clock()
        portion.cursor, names = _step(server, search, portion.cursor, count)
        took = clock() - before
        busy += took
        kept = list(filter(search.keeps, names)) if search.below else names
        found.update(dict.fromkeys(kept))
        rows.update(map(row_of, kept))
        portion.scanned += max(count, len(names))
        portion.steps += 1
        is_spent = busy >= budget.busy_seconds or clock() - started >= budget.wall_seconds
        is_enough = len(rows) >= budget.wanted or portion.steps >= budget.steps
        if portion.is_last or is_enough or is_spent:
            portion.names = list(found)
            return portion
        count = next_count(
            count, took, rows=len(rows), scanned=portion.scanned, wanted=budget.wanted
        )


def next_count(count: int, took: float, *, rows: int, scanned: int, wanted: int) -> int:
    """Choose the size of the next step from the time of the last and from what was found."""
    by_time = count * min(STEP_SECONDS / max(took, 1e-6), 4.0)
    by_rows = (wanted - rows) * scanned / rows if rows else MOST_COUNT
    return max(LEAST_COUNT, min(max(int(by_time), QUICK_COUNT), int(by_rows), MOST_COUNT))


def _step(server: Server, search: Search, cursor: int, count: int) -> tuple[int, list[bytes]]:
    words: list[Word] = ["SCAN", cursor, "COUNT", count]
    if search.pattern != b"*":
        words += ["MATCH", search.pattern]
    if search.kind:
        words += ["TYPE", search.kind]
    following, names = server.send(*words)
    return int(following), list(names)
