"""What a person looks for, as a pattern that the server understands."""

import re
from dataclasses import dataclass
from enum import StrEnum

from browser import quoting

TYPES = ("string", "hash", "list", "set", "zset", "stream")

_SPECIAL = re.compile(rb"[*?\[\]\\^]")
_HEX = re.compile(rb"\\x([0-9a-fA-F]{2})")
# re.sub would read the backslash of a plain replacement as an escape of its own.
_GUARD = rb"\\\g<0>"


class How(StrEnum):
    """How the typed words are meant."""

    CONTAINS = "contains"
    PREFIX = "prefix"
    PATTERN = "pattern"


@dataclass(frozen=True, slots=True)
class Search:
    """Words, how they are meant, and the type of the wanted keys ("" for all)."""

    words: str = ""
    how: How = How.CONTAINS
    kind: str = ""
    below: bytes = b""
    """What the name starts with, beside the words: the opened part of a tree."""

    @property
    def typed(self) -> bytes:
        r"""The words as bytes; ``\xff`` stands for a byte that no keyboard has."""
        return _bytes(self.words)

    @property
    def pattern(self) -> bytes:
        """The glob pattern for SCAN; ``*`` finds everything."""
        if not self.words:
            return literal(self.below) + b"*"
        if self.how is How.PATTERN:
            raw = self.words.encode("utf-8", "surrogatepass")
            return _HEX.sub(lambda found: literal(bytes.fromhex(found[1].decode())), raw)
        if self.how is How.PREFIX:
            return literal(self.typed) + b"*"
        return b"*" + literal(self.typed) + b"*"

    def keeps(self, name: bytes) -> bool:
        """Tell what a pattern alone can't: whether a found name is in the opened part."""
        return name.startswith(self.below)

    @property
    def said(self) -> str:
        """The pattern as a person types it to confirm."""
        return quoting.shown(self.pattern)


def literal(raw: bytes) -> bytes:
    """Write bytes as a pattern that matches them alone."""
    return _SPECIAL.sub(_GUARD, raw)


def _bytes(words: str) -> bytes:
    raw = words.encode("utf-8", "surrogatepass")
    return _HEX.sub(lambda found: bytes.fromhex(found[1].decode()), raw)
