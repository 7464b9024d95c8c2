"""What a server knows of one key, without its contents."""

from dataclasses import dataclass

from redis.exceptions import ResponseError

from browser import words
from browser.connection import Command, Server
from browser.refusals import KeyGone

LENGTHS = {
    "string": "STRLEN",
    "hash": "HLEN",
    "list": "LLEN",
    "set": "SCARD",
    "zset": "ZCARD",
    "stream": "XLEN",
}
UNITS = {
    "string": ("byte", "bytes"),
    "hash": ("field", "fields"),
    "list": ("item", "items"),
    "set": ("member", "members"),
    "zset": ("member", "members"),
    "stream": ("entry", "entries"),
}
# Enough for a fair guess at a large hash, and no work for the server.
_SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Facts:
    """One key; what the server wouldn't say is None."""

    name: bytes
    kind: str
    length: int
    encoding: str | None
    ttl_ms: int | None
    memory_bytes: int | None
    idle_seconds: int | None

    @property
    def ttl(self) -> str:
        return "" if self.ttl_ms is None else words.duration(self.ttl_ms)

    @property
    def idle(self) -> str:
        return "" if self.idle_seconds is None else words.duration(self.idle_seconds * 1000)

    @property
    def units(self) -> str:
        return UNITS.get(self.kind, ("", "elements"))[1]

    @property
    def length_words(self) -> str:
        one, many = UNITS.get(self.kind, ("", ""))
        return f"{self.length:,} {one if self.length == 1 else many}"

    @property
    def is_known_kind(self) -> bool:
        return self.kind in LENGTHS

    @property
    def element_bytes(self) -> int:
        """The size of one element, by what the server says of the whole."""
        return (self.memory_bytes or 0) // max(self.length, 1)


def look_up(server: Server, name: bytes) -> Facts:
    """Ask for all of it in two rounds; raises KeyGone."""
    kind, ttl, encoding, idle, memory = _ask(
        server,
        ("TYPE", name),
        ("PTTL", name),
        ("OBJECT", "ENCODING", name),
        ("OBJECT", "IDLETIME", name),
        ("MEMORY", "USAGE", name, "SAMPLES", _SAMPLES),
    )
    if not isinstance(kind, bytes) or kind == b"none":
        raise KeyGone
    length_of = LENGTHS.get(kind.decode())
    (length,) = _ask(server, (length_of, name)) if length_of else (0,)
    return Facts(
        name=name,
        kind=kind.decode(),
        length=length if isinstance(length, int) else 0,
        encoding=encoding.decode() if isinstance(encoding, bytes) else None,
        ttl_ms=ttl if isinstance(ttl, int) and ttl >= 0 else None,
        memory_bytes=memory if isinstance(memory, int) else None,
        idle_seconds=idle if isinstance(idle, int) else None,
    )


def _ask(server: Server, *commands: Command) -> list[object]:
    """Ask all at once; an eviction policy that counts uses, for one, refuses OBJECT IDLETIME."""
    replies = server.gather(*commands)
    return [None if isinstance(reply, ResponseError) else reply for reply in replies]
