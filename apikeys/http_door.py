"""What the command API itself refuses: the room above, whose door it is, tells us here."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from instances.acl import Scope

Words = Sequence[bytes]


@dataclass(frozen=True, slots=True)
class HttpDoor:
    """Rules that hold over HTTP before a server is asked. Nothing of it executes anything."""

    refusal: Callable[[Words], str | None]
    """Says why the command can't be sent, in the words that clients get."""
    is_answered: Callable[[Words], bool]
    """Tells that the platform answers the command by itself."""
    judge: Callable[[Any, Collection[Scope], Words], str]
    """Takes a server's answer to COMMAND, and says why a key of these scopes can't run the
    command there; nothing when it can. Stands in for the ACL of servers without users of ours."""


_doors: list[HttpDoor] = []


def register(door: HttpDoor) -> None:
    _doors[:] = [door]


def registered() -> HttpDoor:
    [door] = _doors
    return door
