"""Commands that took long, as a server remembers them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from figures.asking import conversation
from figures.clients import GATEWAY
from instances.models import Instance
from instances.provisioners.admin_connection import Reply, words

ENTRIES = 128
ARGUMENTS_MAX = 8
ARGUMENT_LENGTH_MAX = 64

_PLATFORMS = frozenset({"ACL", "CONFIG", "INFO", "CLIENT", "SLOWLOG", "AUTH", "SHUTDOWN"})
"""Of these, what came over the unix socket was the platform's own."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One slow command; ``arguments`` are cut, and those left out are counted."""

    id: int
    at: datetime
    microseconds: int
    command: str
    arguments: tuple[str, ...]
    arguments_left_out: int
    address: str
    client_name: str

    @property
    def milliseconds(self) -> float:
        return self.microseconds / 1000


def of(instance: Instance, *, with_arguments: bool) -> list[Entry]:
    """List the newest first. Arguments hold data, and aren't for everybody."""
    with conversation(instance) as connection:
        reply = connection.call("SLOWLOG", "GET", str(ENTRIES))
    entries = (
        [_entry(each, with_arguments) for each in reply if isinstance(each, list)]
        if (isinstance(reply, list))
        else []
    )
    return [entry for entry in entries if not _is_platforms(entry)]


def _entry(reply: Sequence[Reply], with_arguments: bool) -> Entry:
    number, second, microseconds, command, address, name = reply[:6]
    first, *arguments = words(command) or [""]
    shown = [_cut(each) for each in arguments[:ARGUMENTS_MAX]] if with_arguments else []
    return Entry(
        id=int(str(number)),
        at=datetime.fromtimestamp(int(str(second)), UTC),
        microseconds=int(str(microseconds)),
        command=first.upper(),
        arguments=tuple(shown),
        arguments_left_out=len(arguments) - len(shown),
        address=GATEWAY if _is_socket(str(address)) else str(address),
        client_name=str(name),
    )


def _cut(text: str) -> str:
    is_long = len(text) > ARGUMENT_LENGTH_MAX
    return text[:ARGUMENT_LENGTH_MAX] + "…" if is_long else text


def _is_socket(address: str) -> bool:
    return address.startswith(("/", "[/"))


def _is_platforms(entry: Entry) -> bool:
    return entry.address == GATEWAY and entry.command in _PLATFORMS
