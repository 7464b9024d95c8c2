"""One portion of the list of keys, as lines of a page."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from browser import quoting, tree, words
from browser.connection import Server
from browser.key_facts import Facts
from browser.scanning import Budget, Portion, scan
from browser.state import State

BUDGET = Budget()
FEW_ROWS = 50
MOST_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Line:
    """A key or a group of keys; ``query`` opens it."""

    ref: str
    name: str
    """The whole name."""
    label: str
    """What of it is said at this place."""
    query: str
    sweep: str = ""
    """The query that asks to delete all keys of the group."""
    count: int = 0
    """How many keys are in the group, of those scanned so far; 0 for a key."""
    kind: str = ""
    ttl_ms: int | None = None
    is_open: bool = False

    @property
    def ttl(self) -> str:
        return "" if self.ttl_ms is None else words.duration(self.ttl_ms)


@dataclass(frozen=True, slots=True)
class Found:
    """A portion, and where the next one starts."""

    lines: list[Line]
    state: State
    """The state that asks for the next portion."""
    total: int
    """How many keys the database holds."""
    is_last: bool
    goes_on_by_itself: bool

    @property
    def scanned(self) -> int:
        return self.total if self.is_last else min(self.state.scanned, self.total)

    @property
    def command(self) -> str:
        """The search as a command for redis-cli."""
        search = self.state.search
        kind = ("TYPE", search.kind) if search.kind else ()
        return quoting.select(self.state.database) + quoting.command(
            "SCAN", 0, "MATCH", search.pattern, *kind, "COUNT", 1000
        )

    @property
    def is_empty(self) -> bool:
        return self.is_last and self.state.found == 0


def find(server: Server, state: State) -> Found:
    """Scan on from the state's cursor and make lines of what is found."""
    total: int = server.send("DBSIZE")
    portion = scan(server, state.search, state.cursor, BUDGET, row_of=_row_of(state))
    names = [*_named_exactly(server, state, portion), *portion.names]
    lines = list(_lines(server, state, list(dict.fromkeys(names))))
    following = replace(
        state,
        cursor=portion.cursor,
        scanned=state.scanned + portion.scanned,
        found=state.found + len(names),
        round=state.round + 1,
    )
    goes_on = not portion.is_last and len(lines) < FEW_ROWS and following.round < MOST_ROUNDS
    return Found(lines, following, total, portion.is_last, goes_on)


def _named_exactly(server: Server, state: State, portion: Portion) -> list[bytes]:
    """Look the words up as a name, which costs nothing, before millions are scanned for it."""
    name = state.search.typed
    is_first = state.cursor == 0 and state.words
    if not is_first or portion.is_last or name in portion.names or not state.search.keeps(name):
        return []
    kind = server.send("TYPE", name).decode()
    return [name] if kind != "none" and state.kind in ("", kind) else []


def _row_of(state: State) -> Callable[[bytes], bytes]:
    if not state.is_tree:
        return lambda name: name
    separator = state.separator.encode()
    return lambda name: tree.group_of(name, state.below, separator) or name


def _lines(server: Server, state: State, names: list[bytes]) -> Iterator[Line]:
    keys = names
    if state.is_tree:
        level = tree.level(names, state.below, state.separator.encode())
        yield from (_group(state, name, count) for name, count in level.groups.items())
        keys = level.keys
    facts = iter(server.gather(*_questions(keys)) if keys else [])
    for name, kind, ttl in zip(keys, facts, facts, strict=False):
        yield _key(state, name, kind, ttl)


def _questions(names: list[bytes]) -> list[tuple[str, bytes]]:
    return [(command, name) for name in names for command in ("TYPE", "PTTL")]


def _group(state: State, name: bytes, count: int) -> Line:
    return Line(
        ref=f"group-{quoting.to_ref(name)}",
        name=quoting.shown(name),
        label=_label(state, name),
        query=replace(state.of_search, below=name).address,
        sweep="" if state.words else replace(state.of_search, below=name).address,
        count=count,
    )


def _key(state: State, name: bytes, kind: object, ttl: object) -> Line:
    return Line(
        ref=f"key-{quoting.to_ref(name)}",
        name=quoting.shown(name),
        label=_label(state, name),
        query=replace(state.of_search, below=state.below, key=name).address,
        kind=kind.decode() if isinstance(kind, bytes) else "",
        ttl_ms=ttl if isinstance(ttl, int) and ttl >= 0 else None,
        is_open=name == state.key,
    )


def _label(state: State, name: bytes) -> str:
    return quoting.shown(name[len(state.below) :] if state.is_tree else name)


def line_of(state: State, facts: Facts) -> Line:
    """Make the line of a key that was just made, at the top of the list."""
    return _key(replace(state, below=b""), facts.name, facts.kind.encode(), facts.ttl_ms)
