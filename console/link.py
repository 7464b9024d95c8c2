"""One connection to a server, with the rights of a scope."""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field

from console.reading import Bounds, BrokenReply, Reading
from console.replies import Failure, Reply
from instances.simulation import PROBLEM, WAY_OUT
from instances.spec import Endpoint
from redisgate.lib.errors import Unavailable
from redisgate.lib.resp import pack

CONNECT_SECONDS = 3.0
NAME = "redisgate-console"

Command = Sequence[bytes | str]


@dataclass(frozen=True, slots=True)
class Server:
    """Where a server is, and who logs in there."""

    endpoint: Endpoint
    user: str
    password: str = field(repr=False)


class LinkLost(Exception):
    """The server ended the connection, or said something that can't be read."""


class Link:
    """Make it with ``Link.dial()``; whatever happened, ``close()`` ends it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._is_spent = False

    @classmethod
    async def dial(cls, server: Server, database: int = 0, protocol: int = 2) -> "Link":
        """Connect and log in. Raises Unavailable with words for people."""
        if server.endpoint.remote is not None:
            # No user of ours stands there, and its address may lead anywhere.
            raise Unavailable(
                "There is no console for a server that somebody else runs. Connect with redis-cli."
            )
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                link = cls(*await _connect(server.endpoint))
                with ExitStack() as unless_greeted:
                    unless_greeted.callback(link.close)
                    await link._greet(server, database, protocol)
                    unless_greeted.pop_all()
        except (OSError, TimeoutError, LinkLost) as error:
            raise Unavailable(
                "The server doesn't answer right now. The console tries again by itself.",
                log=f"console can't connect: {error}",
            ) from error
        return link

    async def _greet(self, server: Server, database: int, protocol: int) -> None:
        greeting: list[Command] = [("AUTH", server.user, server.password)]
        greeting += [("HELLO", "3")] if protocol == 3 else []
        greeting += [("CLIENT", "SETNAME", NAME)]
        greeting += [("SELECT", str(database))] if database else []
        self._writer.write(pack(greeting))
        replies = [await self.next() for _ in greeting]
        refused = next((each for each in replies if isinstance(each, Failure)), None)
        if refused is not None:
            words = refused.text.decode("utf-8", "replace")
            raise Unavailable(f"The server doesn't let the console in: {words}")

    @property
    def is_usable(self) -> bool:
        """Tell whether another command may be sent."""
        return not (self._is_spent or self._reader.at_eof() or self._writer.is_closing())

    def send(self, command: Command) -> None:
        self._writer.write(pack([command]))

    async def next(self, bounds: Bounds | None = None) -> Reply:
        """Wait for a reply. Raises LinkLost."""
        reading = Reading(self._reader, bounds or Bounds())
        try:
            reply = await reading.reply()
        except (OSError, EOFError, BrokenReply) as error:
            self.close()
            raise LinkLost(str(error)) from error
        if reading.was_cut:
            # The rest of the reply would be taken for the next one.
            self.close()
        return reply

    async def ask(self, command: Command, bounds: Bounds | None = None) -> Reply:
        """Send one command and give its reply. Raises LinkLost."""
        if not self.is_usable:
            raise LinkLost("the server closed the connection")
        self.send(command)
        return await self.next(bounds)

    def close(self) -> None:
        self._is_spent = True
        with suppress(RuntimeError):  # its loop has ended before
            self._writer.transport.abort()


async def _connect(endpoint: Endpoint) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if endpoint.is_simulated:
        raise Unavailable(f"{PROBLEM} {WAY_OUT}")
    if endpoint.socket_path is not None:
        return await asyncio.open_unix_connection(endpoint.socket_path)
    is_any = endpoint.host in ("", "0.0.0.0", "::")  # noqa: S104  compared, not bound
    return await asyncio.open_connection("127.0.0.1" if is_any else endpoint.host, endpoint.port)
