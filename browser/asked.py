"""What an operation is asked of, and what it says when it is done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redisgate.lib.errors import InvalidInput

Data = Mapping[str, Any]
"""What a form was filled with, or came back with."""


@dataclass(frozen=True, slots=True)
class On:
    """The key that is asked about, and the field, index, member, id or group in it."""

    name: bytes
    element: bytes | None

    @property
    def part(self) -> bytes:
        if self.element is None:
            raise InvalidInput("This address names no part of the key. Open the key again.")
        return self.element

    @property
    def index(self) -> int:
        if not self.part.isdigit() or len(self.part) >= 20:
            raise InvalidInput("This address names no item of the list. Open the key again.")
        return int(self.part)


@dataclass(frozen=True, slots=True)
class Done:
    """What to say, and which key to show next; None when there is none any more."""

    words: str
    name: bytes | None
    is_gone: bool = False
    """Whether the key that was asked about is no more under its name."""
