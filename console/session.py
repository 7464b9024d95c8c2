"""A conversation with one server: which database, which protocol, and whether in a transaction."""

from collections.abc import Sequence

from console.link import Link, LinkLost, Server
from console.replies import Failure, Nil, Reply

Words = Sequence[bytes]


class Session:
    """One connection at a time; what it knew of the person's state survives its end."""

    def __init__(self) -> None:
        self.database = 0
        self.is_in_transaction = False
        self._protocol = 2
        self._database_before = 0
        self._watches = False
        self._link: Link | None = None

    @property
    def is_connected(self) -> bool:
        return self._link is not None and self._link.is_usable

    async def connect(self, server: Server) -> None:
        """Connect, anew where there was a connection. Raises Unavailable."""
        self.close()
        self._link = await Link.dial(server, self.database, self._protocol)

    async def ask(self, words: Words) -> Reply:
        """Send a command and keep track of what it changes. Raises LinkLost."""
        reply = await self.link.ask(words)
        self._note(words, reply)
        return reply

    @property
    def link(self) -> Link:
        if self._link is None:
            raise LinkLost("there is no connection")
        return self._link

    def close(self) -> str:
        """Close the connection; say in words what of the person's state is lost with it."""
        if self._link is not None:
            self._link.close()
        lost = "The transaction was discarded." * self.is_in_transaction
        if self._watches and not lost:
            lost = "What WATCH had marked is forgotten."
        self._leave_transaction(applied=False)
        return lost

    def prompt(self, name: str) -> str:
        """Write what stands before the input, as redis-cli does."""
        database = f"[{self.database}]" if self.database else ""
        return f"{name}{database}{'(TX)' * self.is_in_transaction}>"

    def _note(self, words: Words, reply: Reply) -> None:
        name = words[0].upper()
        if name == b"EXEC":
            self._leave_transaction(applied=not isinstance(reply, Failure | Nil))
        if isinstance(reply, Failure):
            return
        if name == b"MULTI":
            self.is_in_transaction, self._database_before = True, self.database
        elif name == b"DISCARD":
            self._leave_transaction(applied=False)
        elif name in (b"WATCH", b"UNWATCH"):
            self._watches = name == b"WATCH"
        elif name == b"SELECT" and _is_short_number(words[1]):  # a transaction queues anything
            self.database = int(words[1])
        elif name == b"HELLO" and len(words) > 1:
            self._protocol = int(words[1])

    def _leave_transaction(self, *, applied: bool) -> None:
        if self.is_in_transaction and not applied:
            self.database = self._database_before
        self.is_in_transaction = self._watches = False


def _is_short_number(word: bytes) -> bool:
    return word.isdigit() and len(word) < 10
