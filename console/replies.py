"""Replies of a server as values, of both versions of the protocol.

``size`` is what the server announced; where a reply was cut, less than that is there.
"""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["array", "set", "map", "push"]


@dataclass(frozen=True, slots=True)
class Status:
    text: bytes


@dataclass(frozen=True, slots=True)
class Failure:
    text: bytes


@dataclass(frozen=True, slots=True)
class Number:
    """An integer, a double or a big number, in the server's own digits."""

    text: bytes
    kind: Literal["integer", "double", "big"] = "integer"


@dataclass(frozen=True, slots=True)
class Truth:
    is_true: bool


@dataclass(frozen=True, slots=True)
class Nil:
    pass


@dataclass(frozen=True, slots=True)
class Bulk:
    """A string; ``is_text`` where the server says that people shall read it as it is."""

    data: bytes
    size: int
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class Many:
    """Several replies. The items of a map are its names and values by turns."""

    items: "tuple[Reply, ...]"
    size: int
    kind: Kind = "array"


Reply = Status | Failure | Number | Truth | Nil | Bulk | Many
Plain = str | int | list["Plain"] | None


def plain(reply: Reply) -> Plain:
    """Give the reply as bare values, for what the console itself asks of a server."""
    if isinstance(reply, Many):
        return [plain(item) for item in reply.items]
    if isinstance(reply, Bulk):
        return reply.data.decode("utf-8", "replace")
    if isinstance(reply, Number):
        return int(reply.text) if reply.kind == "integer" else reply.text.decode()
    if isinstance(reply, Status | Failure):
        return reply.text.decode("utf-8", "replace")
    return None


def left_out(reply: Reply) -> tuple[int, int]:
    """Count the elements and bytes that the server announced and that weren't read."""
    if isinstance(reply, Bulk):
        return 0, reply.size - len(reply.data)
    if not isinstance(reply, Many):
        return 0, 0
    inner = [left_out(item) for item in reply.items]
    elements = reply.size - len(reply.items) + sum(each for each, _ in inner)
    return elements, sum(each for _, each in inner)
