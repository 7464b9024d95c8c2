"""Windows on what a key holds: bounded reads, by type, and where the next window starts."""

from collections.abc import Callable
from dataclasses import dataclass, field

from browser.connection import Command, Server
from browser.key_facts import Facts

WINDOW_BYTES = 1_000_000
WINDOW_ROWS = 100
STRING_BYTES = 512 * 1024
SCAN_STEPS = 20
SCAN_COUNT = 500

Pairs = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Where:
    """Which window: ``start`` is what the one before gave as ``following``, "" at first."""

    start: str = ""
    match: bytes = b""
    """A pattern for fields or members; empty for all."""

    @property
    def number(self) -> int:
        return int(self.start) if self.start.isdecimal() else 0


@dataclass(frozen=True, slots=True)
class Row:
    """One element. ``label`` is its field, index, score or id; a stream's has fields."""

    label: bytes
    value: bytes
    fields: Pairs = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Window:
    rows: list[Row]
    following: str = ""
    """Where the next window starts; empty at the end."""
    command: Command = ()


def read(server: Server, facts: Facts, where: Where) -> Window:
    """Read a window of a key; what it holds decides how."""
    reader = _READERS.get(facts.kind)
    return reader(server, facts, where) if reader else Window([])


def rows_at_once(facts: Facts) -> int:
    """Choose how many elements to ask for, so that large ones don't come by the hundred."""
    return max(1, min(WINDOW_ROWS, WINDOW_BYTES // max(facts.element_bytes, 1)))


def _string(server: Server, facts: Facts, where: Where) -> Window:
    start, end = where.number, where.number + STRING_BYTES
    value = server.send("GETRANGE", facts.name, start, end - 1)
    whole = facts.length <= STRING_BYTES
    command: Command = ("GET", facts.name) if whole else ("GETRANGE", facts.name, start, end - 1)
    return Window([Row(b"", value)], str(end) if end < facts.length else "", command)


def _list(server: Server, facts: Facts, where: Where) -> Window:
    start, count = where.number, rows_at_once(facts)
    command = ("LRANGE", facts.name, start, start + count - 1)
    values = server.send(*command)
    rows = [Row(str(start + index).encode(), value) for index, value in enumerate(values)]
    return Window(rows, _further(start + count, facts), command)


def _zset(server: Server, facts: Facts, where: Where) -> Window:
    if where.match:
        return _scanned("ZSCAN", lambda name, value: Row(value, name))(server, facts, where)
    start, count = where.number, rows_at_once(facts)
    command = ("ZRANGE", facts.name, start, start + count - 1, "WITHSCORES")
    flat = server.send(*command)
    rows = [Row(score, member) for member, score in _paired(flat)]
    return Window(rows, _further(start + count, facts), command)


def _stream(server: Server, facts: Facts, where: Where) -> Window:
    count = rows_at_once(facts)
    start = f"({where.start}" if where.start else "+"
    command = ("XREVRANGE", facts.name, start, "-", "COUNT", count)
    entries = server.send(*command)
    rows = [Row(entry, b"", _paired(flat)) for entry, flat in entries]
    return Window(rows, rows[-1].label.decode() if len(rows) == count else "", command)


def _set(server: Server, facts: Facts, where: Where) -> Window:
    return _scanned("SSCAN", None)(server, facts, where)


def _hash(server: Server, facts: Facts, where: Where) -> Window:
    return _scanned("HSCAN", Row)(server, facts, where)


def _scanned(
    verb: str, row_of: Callable[[bytes, bytes], Row] | None
) -> Callable[[Server, Facts, Where], Window]:
    """Read by cursor; without ``row_of`` the elements are no pairs."""

    def window(server: Server, facts: Facts, where: Where) -> Window:
        wanted, cursor = rows_at_once(facts), where.number
        # What doesn't match isn't sent, so the steps may be larger.
        count = min(SCAN_COUNT, wanted * 5) if where.match else wanted
        words = ("MATCH", where.match) if where.match else ()
        rows: dict[bytes, Row] = {}
        for _ in range(SCAN_STEPS):
            reply = server.send(verb, facts.name, cursor, *words, "COUNT", count)
            cursor = int(reply[0])
            if row_of is None:
                rows.update((member, Row(b"", member)) for member in reply[1])
            else:
                rows.update((name, row_of(name, value)) for name, value in _paired(reply[1]))
            if cursor == 0 or len(rows) >= wanted:
                break
        command = (verb, facts.name, where.number, *words, "COUNT", count)
        return Window(list(rows.values()), str(cursor) if cursor else "", command)

    return window


def _further(position: int, facts: Facts) -> str:
    return str(position) if position < facts.length else ""


def _paired(flat: list[bytes]) -> Pairs:
    return list(zip(flat[::2], flat[1::2], strict=True))


_READERS: dict[str, Callable[[Server, Facts, Where], Window]] = {
    "string": _string,
    "hash": _hash,
    "list": _list,
    "set": _set,
    "zset": _zset,
    "stream": _stream,
}
