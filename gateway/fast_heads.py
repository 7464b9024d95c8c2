"""Which requests the fast lane takes, told by their heads. Pure."""

from collections.abc import Sequence

from gateway import special
from gateway.call import Head, joined
from gateway.parsing import COMMAND_METHODS, STREAMS

PREFIX = b"/redis/"
METHODS = {method.encode(): method for method in COMMAND_METHODS}
# How a body comes.
HANDED_ON = frozenset({b"transfer-encoding", b"expect", b"upgrade"})
# What makes the answer another one than that of most requests.
TELLING = frozenset(
    {b"x-request-id", b"upstash-encoding", b"upstash-response-format", b"upstash-reponse-format"}
)


class FastHead(Head):
    """A head that the fast lane answers, and how many bytes of body follow it."""

    may_be_special = False
    __slots__ = ("body_bytes", "head_bytes", "is_common", "raw", "whole_bytes")

    body_bytes: int
    raw: bytes
    """How it came; this and what follows is there when it is remembered."""
    head_bytes: int
    whole_bytes: int
    """With the body."""
    is_common: bool
    """A single command comes in the body, and the answer has nothing special."""

    def may_be_stream(self) -> bool:
        parts = self.parts
        if len(parts) < 4:
            return False
        first, _, _ = parts[3].partition(b"/")
        return b"%" in first or first.lower() in STREAMS


def read(
    method: bytes, url: bytes, pairs: Sequence[tuple[bytes, bytes]], limit_bytes: int
) -> FastHead | None:
    """Take the head, or return None for what the other door shall answer."""
    name = METHODS.get(method)
    if name is None or not url.startswith(PREFIX) or b"#" in url or not url.isascii():
        return None
    headers = dict(pairs)
    if len(headers) != len(pairs):
        headers = joined(pairs)
    announced = headers.get(b"content-length", b"0")
    if not HANDED_ON.isdisjoint(headers) or not announced.isdigit():
        return None
    # Asked each time: what came before the registry was filled would lose its meaning silently.
    if not special.BY_HEADER.keys().isdisjoint(headers):
        return None
    path, _, query = url.partition(b"?")
    head = FastHead(name, path, query, headers)
    head.body_bytes = int(announced)
    return None if head.body_bytes > limit_bytes or head.may_be_stream() else head


def _is_common(head: FastHead) -> bool:
    if head.method != "POST" or head.query or head.rest() not in (b"", b"/"):
        return False
    return TELLING.isdisjoint(head.headers)


class Heads:
    """Remember what was read of heads, by their exact bytes.

    Clients that keep a connection send the same head again and again. Those that put something
    new into each one can't push out the others: what was used lately survives in the elder half.
    """

    def __init__(self, size: int = 1024, bytes_max: int = 4096) -> None:
        self._size = size
        self._bytes_max = bytes_max
        self._young: dict[bytes, FastHead] = {}
        self._elder: dict[bytes, FastHead] = {}

    def get(self, head: bytes) -> FastHead | None:
        known = self._young.get(head)
        if known is None:
            known = self._elder.get(head)
            if known is not None:
                self.remember(head, known)
        return known

    def remember(self, head: bytes, known: FastHead) -> None:
        if len(head) > self._bytes_max:
            return
        if len(self._young) >= self._size:
            self._elder, self._young = self._young, {}
        known.raw, known.head_bytes = head, len(head)
        known.is_common = _is_common(known)
        known.whole_bytes = known.head_bytes + known.body_bytes
        self._young[head] = known
