"""Listen to one server until somebody comes: the first connection, or why there is none.

The server's own list shows who stays. Who comes and goes within a second is seen by MONITOR,
which is watched only while nobody is there, and given up where much is going on.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace

import hiredis

from instances import witness
from instances.acl import ADMIN_USER
from instances.provisioners.own_traffic import Cost
from instances.witness import Line, Refusal, Visitor
from instances.witness_bill import Bill
from redisgate.lib.resp import pack
from redisgate.lib.units import MEGABYTE

LOOK_SECONDS = 1.0
ANSWER_SECONDS = 2.0
BUSY_LINES = 500
"""So many lines between two looks are no first connection."""
ANSWER_BYTES = 16 * MEGABYTE
"""No list of a server's is longer; a line of MONITOR may be, with a large value in it."""
SETTLE_SECONDS = 0.02
"""A client says what it is right after it has connected."""


class Away(Exception):
    """The server can't be watched now."""


class _TooMuch(OSError):
    """A reply is longer than anything that is asked for."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server listens to the platform."""

    socket_path: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen at one moment; ``after_ms`` is how long ago a visitor's command was."""

    visitors: tuple[Visitor, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    after_ms: float | None = None


Pay = Callable[[Cost], Awaitable[None]]
"""Takes what the server was asked, so that it doesn't count as people's traffic."""


async def look(place: Place, *, since_seconds: float, pay: Pay) -> Seen:
    """Say once who is there, and who was refused in the last so many seconds."""
    async with _paid(place, pay) as bill, AsyncExitStack() as stack:
        talk = await _Talk.open(place, bill, stack)
        entered = [each for each in await talk.visitors() if each.has_entered]
        refused = [each for each in await talk.refusals() if each.age_seconds <= since_seconds]
        return Seen(tuple(entered), tuple(refused))


async def watch(place: Place, *, seconds: float, pay: Pay) -> AsyncIterator[Seen]:
    """Tell of each refusal as it comes, and of the first visitor, which ends the watch.

    It ends after ``seconds`` too. Raises Away where the server doesn't answer.
    """
    ends_at = time.monotonic() + seconds
    async with _paid(place, pay) as bill, AsyncExitStack() as stack:
        talk = await _Talk.open(place, bill, stack)
        known = {each.id: each.count for each in await talk.refusals()}
        before = {each.place: each for each in await talk.visitors() if each.is_http}
        lines = await _Lines.open(place, bill, stack)
        while time.monotonic() < ends_at:
            came = await _whoever_came(talk, lines, before)
            refused = [each for each in await talk.refusals() if known.get(each.id, 0) < each.count]
            known.update({each.id: each.count for each in refused})
            await pay(bill.take())
            if came is not None:
                yield replace(came, refusals=tuple(refused))
                return
            if refused:
                yield Seen(refusals=tuple(refused))


@asynccontextmanager
async def _paid(place: Place, pay: Pay) -> AsyncIterator[Bill]:
    """Pay what is left of the bill at the end, whatever the end is."""
    bill = Bill(place.socket_path)
    try:
        yield bill
    finally:
        left = bill.take()
        if left.bytes_in or left.bytes_out:
            await pay(left)


async def _whoever_came(talk: "_Talk", lines: "_Lines", before: dict[str, Visitor]) -> Seen | None:
    """Return who is there now, or comes before the next look."""
    for visitor in await talk.visitors():
        known = before.get(visitor.place)
        is_in_use = known is None or (visitor.commands or 0) > (known.commands or 0)
        if visitor.has_entered and is_in_use:
            return Seen((visitor,))
    use = await _next_use(talk, lines)
    if use is None:
        return None
    after_ms = max(time.time() - use.at, 0) * 1000
    await asyncio.sleep(SETTLE_SECONDS)
    lines.note(await talk.visitors())
    visitor = lines.known.get(use.place, Visitor(place=use.place))
    return Seen((replace(visitor, command=use.command),), after_ms=after_ms)


async def _next_use(talk: "_Talk", lines: "_Lines") -> Line | None:
    """Wait until the next look for a command of somebody who has got in."""
    ends_at = time.monotonic() + LOOK_SECONDS
    while (left := ends_at - time.monotonic()) > 0:
        line = await lines.next(left)
        if line is None or line.is_use:
            return line
        # Whoever logs in is there now, and may be gone with the next line.
        lines.note(await talk.visitors())
    return None


class _Talk:
    """Questions and answers as the control plane's own user."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, bill: Bill
    ) -> None:
        self._reader, self._writer, self._bill = reader, writer, bill
        self.close = writer.close
        self._replies = hiredis.Reader(encoding="utf-8", errors="replace")
        self._reply_bytes = 0

    @classmethod
    async def open(cls, place: Place, bill: Bill, stack: AsyncExitStack) -> "_Talk":
        try:
            reader, writer = await asyncio.open_unix_connection(place.socket_path)
        except OSError as error:
            raise Away(str(error)) from error
        stack.callback(writer.close)
        talk = cls(reader, writer, bill)
        await talk.ask("AUTH", ADMIN_USER, place.password)
        return talk

    async def visitors(self) -> list[Visitor]:
        return witness.visitors(str(await self.ask("CLIENT", "LIST")))

    async def refusals(self) -> list[Refusal]:
        entries = await self.ask("ACL", "LOG", "100")
        assert isinstance(entries, list)
        return witness.refusals(
            [dict(zip(entry[::2], entry[1::2], strict=True)) for entry in entries]
        )

    async def ask(self, *command: str) -> object:
        payload = pack([command])
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                with self._bill.of(command, payload):
                    self._writer.write(payload)
                    return await self.reply()
        except (OSError, TimeoutError, hiredis.HiredisError) as error:
            raise Away(str(error) or "no answer in time") from error

    async def reply(self) -> object:
        while (reply := self._replies.gets()) is False:
            data = await self._reader.read(65536)
            if not data:
                raise ConnectionResetError("the server closed the connection")
            self._bill.heard(len(data))
            # Counted over several calls: a long line outlasts the wait for it.
            self._reply_bytes += len(data)
            if self._reply_bytes > ANSWER_BYTES:
                raise _TooMuch("the server says too much at once")
            self._replies.feed(data)
        self._reply_bytes = 0
        if isinstance(reply, hiredis.ReplyError):
            raise Away(str(reply))
        answer: object = reply
        return answer


class _Lines:
    """What MONITOR shows of people, and who they were when they were first seen."""

    def __init__(self, talk: _Talk) -> None:
        self._talk = talk
        self._is_closed = False
        self._tests: set[str] = set()
        self.known: dict[str, Visitor] = {}

    @classmethod
    async def open(cls, place: Place, bill: Bill, stack: AsyncExitStack) -> "_Lines":
        lines = cls(await _Talk.open(place, bill, stack))
        await lines._talk.ask("MONITOR")
        return lines

    def note(self, visitors: list[Visitor]) -> None:
        self.known.update({each.place: each for each in visitors})

    async def next(self, seconds: float) -> Line | None:
        """Wait for the next line of a person's; None where none comes in time."""
        if self._is_closed:
            await asyncio.sleep(seconds)
            return None
        try:
            async with asyncio.timeout(seconds):
                for _ in range(BUSY_LINES):
                    line = witness.monitored(str(await self._talk.reply()))
                    if line is not None and not self._is_of_a_test(line):
                        return line
        except TimeoutError:
            return None
        except _TooMuch:
            pass
        except (OSError, hiredis.HiredisError) as error:
            raise Away(str(error)) from error
        self._talk.close()  # so much is going on that watching it would cost those who work
        self._is_closed = True
        return None

    def _is_of_a_test(self, line: Line) -> bool:
        if line.is_test:
            self._tests.add(line.place)
        return line.place in self._tests
