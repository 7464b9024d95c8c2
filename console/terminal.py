"""A console without its socket: a line goes in, messages come out."""

import asyncio
import hmac
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from console import dangers, messages, no_permission, outputs, refusals, view
from console.dangers import Place, Question
from console.link import Link, LinkLost, Server
from console.manual import Manual, manual_of
from console.messages import Message
from console.no_permission import Rights
from console.pace import Pace
from console.replies import Failure, Plain, plain
from console.session import Session
from console.words import Unbalanced, split
from instances.acl import Scope
from redisgate.lib.errors import Unavailable

COMMAND_SECONDS = 300.0
LOOK_SECONDS = 3.0
QUESTION_SECONDS = 120.0
LINE_CHARACTERS = 1024 * 1024
UNKNOWN = "(unknown)"

Words = Sequence[bytes]
Say = Callable[[Message], Awaitable[None]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Which server with which rights; ``name`` is the instance's, as people know it."""

    server: Server
    held: Rights
    name: str

    @property
    def scope(self) -> Scope:
        return self.held.scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A command as the audit sees it: nothing of its values."""

    command: str
    keys: list[bytes]
    arguments: int


Record = Callable[[Entered], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Open:
    """A question that waits for its answer; it serves once."""

    words: Words
    question: Question
    token: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    asked_at: float = field(default_factory=time.monotonic)


class Terminal:
    """One console. Only one of ``enter`` and ``confirm`` may be under way at a time."""

    def __init__(self, reach: Reach, say: Say, record: Record) -> None:
        self.reach = reach
        self.session = Session()
        self.manual: Manual | None = None
        self._say = say
        self._record = record
        self._pace = Pace()
        self._open: _Open | None = None

    async def connect(self) -> None:
        """Connect to the server, and read its manual the first time. Raises Unavailable."""
        await self.session.connect(self.reach.server)
        if self.manual is None:
            # Beside the session, because a manual is longer than what a reply may be.
            with suppress(LinkLost):
                self.manual = await self._beside(self._read_manual)

    async def enter(self, line: str) -> None:
        """Run a line, or ask first. Says exactly one REPLY, ASK or END."""
        self._open = None
        await self._pace.keep()
        if len(line) > LINE_CHARACTERS:
            await self._fail(f"A line may have {LINE_CHARACTERS:,} characters at most.")
            return
        try:
            words = split(line)
        except Unbalanced as error:
            await self._fail(f"Invalid argument(s): {error}.")
            return
        if not words:
            await self._say(messages.reply(""))
            return
        await self._enter(words)

    async def confirm(self, token: str, typed: str) -> None:
        """Run the command that was asked about. Says exactly one REPLY or END."""
        waiting, self._open = self._open, None
        await self._pace.keep()
        if waiting is None or not _is_same(waiting.token, token):
            await self._fail("Nothing waits for an answer. Enter the command again.")
        elif time.monotonic() - waiting.asked_at > QUESTION_SECONDS:
            await self._fail("The question is too old. Enter the command again.")
        elif waiting.question.phrase != typed.strip() and waiting.question.phrase:
            await self._fail("That isn't the instance's name, so nothing was done.")
        else:
            await self._run(waiting.words)

    async def stop(self) -> None:
        """Connect anew after a command or view was cancelled. Says one END."""
        lost = self.session.close()
        with suppress(Unavailable):
            await self.session.connect(self.reach.server)
        await self._say(messages.end(f"Stopped. {lost}".strip()))

    async def turn_to(self, reach: Reach) -> None:
        """Go on with other rights, or where the server is now. Raises Unavailable."""
        self._open = None
        self.reach = reach
        await self.connect()

    def close(self) -> None:
        self.session.close()

    @property
    def prompt(self) -> str:
        return self.session.prompt(self.reach.name)

    async def _enter(self, words: Words) -> None:
        refusal = refusals.why_not(words, in_transaction=self.session.is_in_transaction)
        if refusal:
            await self._fail(refusal)
            return
        try:
            question = await self._question(words)
        except (LinkLost, Unavailable, TimeoutError):
            await self._fail("The server doesn't answer, so the command was not sent. Try again.")
            return
        if question is None:
            await self._run(words)
            return
        self._open = _Open(words, question)
        await self._say(messages.ask(question, self._open.token))

    async def _question(self, words: Words) -> Question | None:
        danger = dangers.danger_of(words)
        # What the server would refuse touches nothing.
        is_allowed = self.manual is None or self.manual.may_run(self.reach.scope, words)
        if danger is None or not is_allowed:
            return None
        looks = danger.looks(words)

        async def look(link: Link) -> list[Plain]:
            return [plain(await link.ask(each)) for each in looks]

        answers = await self._beside(look) if looks else []
        return danger.judge(words, answers, Place(self.reach.name, self.session.database))

    async def _read_manual(self, link: Link) -> Manual:
        # A server of somebody else may say anything, and shall say it to nobody but its owner.
        return await manual_of(link, is_ours=self.reach.server.endpoint.socket_path is not None)

    async def _beside(self, what: Callable[[Link], Awaitable[T]]) -> T:
        """Ask over a connection of its own, which no transaction of the person's holds up."""
        async with asyncio.timeout(LOOK_SECONDS):
            link = await Link.dial(self.reach.server, self.session.database)
            try:
                return await what(link)
            finally:
                link.close()

    async def _run(self, words: Words) -> None:
        if self.reach.scope is Scope.ADMIN:
            await self._record(self._entered(words))
        try:
            if not self.session.is_connected:
                await self.session.connect(self.reach.server)
            await (self._view(words) if refusals.is_view(words) else self._ask(words))
        except Unavailable as error:
            await self._fail(error.message)
        except LinkLost:
            lost = self.session.close()
            text = "The server closed the connection; whether the command has run is not known."
            await self._fail(f"{text} {lost}".strip())

    async def _ask(self, words: Words) -> None:
        began = time.perf_counter()
        try:
            async with asyncio.timeout(COMMAND_SECONDS):
                reply = await self.session.ask(words)
        except TimeoutError:
            raise LinkLost("no answer in time") from None
        milliseconds = (time.perf_counter() - began) * 1000
        text, rest = outputs.shown(words, reply), outputs.rest(reply)
        if isinstance(reply, Failure):
            text = self._told(text)
        # A reply that was cut ends the connection; the next command makes another.
        lost = "" if self.session.is_connected else self.session.close()
        await self._say(messages.reply(text, milliseconds=round(milliseconds, 2), rest=rest))
        if lost:
            await self._say(messages.notice(f"The rest of the reply was not read. {lost}"))

    def _told(self, error: str) -> str:
        return no_permission.told(error, self.reach.held, self.manual)

    async def _view(self, words: Words) -> None:
        link = self.session.link
        link.send(words)
        going_on = view.View(link, is_monitor=words[0].upper() == b"MONITOR")
        has_begun = False
        async for batch in going_on.batches():
            if not has_begun and batch.texts and batch.texts[0].startswith("(error)"):
                await self._say(messages.reply(self._told(batch.texts[0])))
                return
            has_begun = True
            if batch.texts:
                await self._say(messages.lines(list(batch.texts), batch.left_out))
        if not link.is_usable:
            raise LinkLost("while it was read")
        await self._end_view()

    async def _end_view(self) -> None:
        lost = self.session.close()
        await self.session.connect(self.reach.server)
        text = f"Ended after {dangers.count(view.LINES, 'message')}. {lost}"
        await self._say(messages.end(text.strip()))

    def _entered(self, words: Words) -> Entered:
        entry = self.manual.find(words) if self.manual else None
        # What the server doesn't know is no command: it may be a password that slipped.
        name = entry.name if entry else UNKNOWN
        keys = self.manual.keys_of(words) if self.manual else []
        return Entered(command=name, keys=keys, arguments=len(words) - 1)

    async def _fail(self, text: str) -> None:
        await self._say(messages.failed(text))


def _is_same(token: str, typed: str) -> bool:
    # Of texts only plain ASCII could be compared.
    return hmac.compare_digest(token.encode(), typed.encode("utf-8", "surrogatepass"))
