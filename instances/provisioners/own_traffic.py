"""What this process itself asks of servers, so that the figures people see can leave it out.

Whoever talks to a server in the platform's name opens a conversation here and notes what it cost
the server. Two snapshots between which nobody else's conversation was open tell the exact share.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

_WITH_SUBCOMMANDS = frozenset(
    {"acl", "client", "config", "latency", "memory", "object", "slowlog", "xinfo"}
)
# A server that answers so hasn't run the command, and doesn't count it.
_NOT_RUN = ("NOAUTH", "NOPERM", "LOADING", "BUSY", "MISCONF", "OOM", "MASTERDOWN")


@dataclass(slots=True)
class Cost:
    """What a server has counted: bytes it read and wrote, and commands by the name it uses."""

    bytes_in: int = 0
    bytes_out: int = 0
    commands: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Cost") -> None:
        self.bytes_in += other.bytes_in
        self.bytes_out += other.bytes_out
        self.commands.update(other.commands)

    def reset_to(self, before: "Cost") -> None:
        """Forget what came after that."""
        self.bytes_in, self.bytes_out = before.bytes_in, before.bytes_out
        self.commands = Counter(before.commands)

    def sent(self, command: Sequence[str]) -> None:
        self.commands[name_of(command)] += 1

    def refused(self, command: Sequence[str], words: str) -> None:
        """Take a command back that the server only refused."""
        if words.startswith(_NOT_RUN):
            self.commands[name_of(command)] -= 1


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The sums so far, how many are talking now, and how many ever began to."""

    talking: int
    begun: int
    bytes_in: int
    bytes_out: int
    commands: Mapping[str, int]


class Tally:
    """All conversations of this process with one server."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._begun = 0
        self._ended = 0
        self._cost = Cost()

    def begin(self) -> None:
        with self._lock:
            self._begun += 1

    def end(self, cost: Cost) -> None:
        with self._lock:
            self._ended += 1
            self._cost.add(cost)

    def learn(self, cost: Cost) -> None:
        """Add a conversation that another process had."""
        self.begin()
        self.end(cost)

    def snapshot(self) -> Snapshot:
        with self._lock:
            cost = self._cost
            talking = self._begun - self._ended
            return Snapshot(
                talking, self._begun, cost.bytes_in, cost.bytes_out, dict(cost.commands)
            )


_tallies: dict[str, Tally] = {}


def with_server(address: str) -> Tally:
    """Give the tally of the server at this address."""
    return _tallies.setdefault(address, Tally())


def name_of(command: Sequence[str]) -> str:
    """Name a command as ``INFO commandstats`` does."""
    name = command[0].lower()
    return f"{name}|{command[1].lower()}" if name in _WITH_SUBCOMMANDS else name
