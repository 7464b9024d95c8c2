"""Consumer groups of a stream: who reads it, and what they have not acknowledged."""

from collections.abc import Iterable
from dataclasses import dataclass

from browser import quoting, words
from browser.connection import Server

MAX_GROUPS = 50
MAX_PENDING = 20


@dataclass(frozen=True, slots=True)
class Pending:
    """An entry that a consumer got and didn't acknowledge."""

    entry: str
    consumer: bytes
    idle_ms: int
    deliveries: int

    @property
    def shown_consumer(self) -> str:
        return quoting.shown(self.consumer)

    @property
    def idle(self) -> str:
        return words.duration(self.idle_ms)


@dataclass(frozen=True, slots=True)
class Consumer:
    name: bytes
    pending: int
    idle_ms: int

    @property
    def shown_name(self) -> str:
        return quoting.shown(self.name)

    @property
    def idle(self) -> str:
        return words.duration(self.idle_ms)


@dataclass(frozen=True, slots=True)
class Group:
    """One group; ``lag`` is None where the server can't tell."""

    name: bytes
    last_delivered: str
    pending: int
    lag: int | None
    consumers: list[Consumer]
    oldest: list[Pending]

    @property
    def shown_name(self) -> str:
        return quoting.shown(self.name)

    @property
    def ref(self) -> str:
        return quoting.to_ref(self.name)


def read(server: Server, stream: bytes) -> list[Group]:
    """Read the stream's groups with their consumers and their oldest pending entries."""
    found = server.send("XINFO", "GROUPS", stream)[:MAX_GROUPS]
    return [_group(server, stream, _named(each)) for each in found]


def _group(server: Server, stream: bytes, facts: dict[bytes, object]) -> Group:
    name = _bytes(facts[b"name"])
    consumers = server.send("XINFO", "CONSUMERS", stream, name)
    oldest = server.send("XPENDING", stream, name, "-", "+", MAX_PENDING)
    lag = facts.get(b"lag")
    return Group(
        name=name,
        last_delivered=_bytes(facts[b"last-delivered-id"]).decode(),
        pending=_int(facts[b"pending"]),
        lag=lag if isinstance(lag, int) else None,
        consumers=[_consumer(_named(each)) for each in consumers],
        oldest=[Pending(entry.decode(), who, idle, times) for entry, who, idle, times in oldest],
    )


def _consumer(facts: dict[bytes, object]) -> Consumer:
    return Consumer(_bytes(facts[b"name"]), _int(facts[b"pending"]), _int(facts[b"idle"]))


def _named(flat: Iterable[object]) -> dict[bytes, object]:
    said = list(flat)
    return {_bytes(name): value for name, value in zip(said[::2], said[1::2], strict=True)}


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else b""


def _int(value: object) -> int:
    return value if isinstance(value, int) else 0
