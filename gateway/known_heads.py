"""Heads that were read before, and requests that begin with one that says the same. Pure.

Two heads say the same when they differ in nothing but the values of headers that nobody reads, and
the announced length of a body that is here whole. A shape is such a head without these values:
the bytes between them must be equal, and a value is made of visible ASCII characters and ends with
its line. So a parser is in the same state before and behind it whatever it is.
"""

import re
from operator import add

from gateway.fast_heads import LENGTH, UNREAD, FastHead

HEAD_END = b"\r\n\r\n"
VALUE_BYTES_MAX = 256
_NAMES = b"|".join(map(re.escape, sorted(UNREAD | {LENGTH})))
_GAPS = re.compile(rb"(\r\n(?i:%b): )[!-~]{1,%d}(?=\r\n)" % (_NAMES, VALUE_BYTES_MAX))
_LENGTH_BEGINS = b"\r\n%b: " % LENGTH
_is_harmless = re.compile(rb"[!-~]+").fullmatch

Texts = tuple[bytes, ...]
"""What is between the gaps: each but the last ends with the name whose value is left out."""


class Shape:
    """A head with gaps, and what was read of it."""

    __slots__ = ("_announced_bytes", "_limit_bytes", "_opening", "_rest", "head")

    def __init__(self, texts: Texts, head: FastHead) -> None:
        self.head = head
        # Without a gap for it the length is among what is equal.
        self._announced_bytes = head.announced_bytes
        self._limit_bytes = head.limit_bytes
        self._opening = texts[0]
        is_length = [text.lower().endswith(_LENGTH_BEGINS) for text in texts[:-1]]
        self._rest = list(zip(is_length, texts[1:], strict=True))

    def head_bytes(self, data: bytes) -> int:
        """Tell how long the head is, or 0 unless this is one whole request of such a shape."""
        if not data.startswith(self._opening):
            return 0
        at, announced_bytes = len(self._opening), self._announced_bytes
        for is_length, text in self._rest:
            end = data.find(b"\r\n", at, at + VALUE_BYTES_MAX + 2)
            if end < 0 or not data.startswith(text, end):
                return 0
            value = data[at:end]
            if is_length:
                if not value.isdigit():
                    return 0
                announced_bytes = int(value)
            elif not value.isalnum() and not _is_harmless(value):
                return 0
            at = end + len(text)
        return at if len(data) - at == announced_bytes <= self._limit_bytes else 0


class KnownHeads:
    """Remember what was read of heads, by their shapes.

    Clients that put something new into each head can't push out the others: what was used
    lately survives in the elder half.
    """

    def __init__(self, size: int = 1024, bytes_max: int = 4096) -> None:
        self._size = size
        self._bytes_max = bytes_max
        self._young: dict[Texts, Shape] = {}
        self._elder: dict[Texts, Shape] = {}

    def find(self, data: bytes) -> Shape | None:
        """Give the shape of the head that the data begins with."""
        texts = _texts_of(self._head_of(data))
        shape = self._young.get(texts)
        if shape is None:
            shape = self._elder.get(texts)
            if shape is not None:
                self._keep(texts, shape)
        return shape

    def remember(self, data: bytes, head: FastHead) -> None:
        """Keep what was read of the data, when that is this one request and nothing else."""
        raw = self._head_of(data)
        if raw and len(data) - len(raw) == head.announced_bytes:
            head.prepare()
            texts = _texts_of(raw)
            self._keep(texts, Shape(texts, head))

    def _head_of(self, data: bytes) -> bytes:
        """Give what comes up to the first empty line, or nothing when that is far away."""
        end = data.find(HEAD_END, 0, self._bytes_max)
        return b"" if end < 0 else data[: end + len(HEAD_END)]

    def _keep(self, texts: Texts, shape: Shape) -> None:
        if len(self._young) >= self._size:
            self._elder, self._young = self._young, {}
        self._young[texts] = shape


def _texts_of(head: bytes) -> Texts:
    *pairs, last = _GAPS.split(head)
    return *map(add, pairs[::2], pairs[1::2]), last
