"""The socket of one console.

The page sends ``{"do": "enter", "line"}``, ``{"do": "confirm", "token", "typed"}``,
``{"do": "stop"}`` and ``{"do": "scope", "scope"}``; what it gets is in ``messages``, and each
message carries the prompt.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from channels.db import database_sync_to_async

from audit.actors import Actor, Means
from console import messages, pace, reach, rights, services
from console.messages import Message
from console.no_permission import Rights
from console.terminal import Entered, Reach, Terminal
from instances import access as instance_access
from instances.acl import Scope
from instances.models import Instance
from instances.sockets import TRY_AGAIN, MemberSocket
from instances.states import Status
from orgs.access import Access
from redisgate.lib.errors import Conflict, NotFound, Unavailable

TOO_MANY = 4429
IDLE = 4408
SENT_CHARACTERS = 1_100_000


@dataclass(frozen=True, slots=True)
class Seen:
    """The instance, the person and what they may do now."""

    instance: Instance
    access: Access
    reach: Reach


class Console(MemberSocket[Seen]):
    """Carries lines to a terminal, and what it says to the page."""

    async def connect(self) -> None:
        self._places = ExitStack()
        self._terminal: Terminal | None = None
        self._seen: Seen | None = None
        self._wish = ""
        self._is_away = False
        self._welcomed: Scope | None = None
        self._at_work: asyncio.Task[None] | None = None
        self._touched_at = time.monotonic()
        self._has_ended = False
        await super().connect()

    async def disconnect(self, code: int) -> None:
        await super().disconnect(code)
        self._end()

    async def close(self, code: Any = None, reason: Any = None) -> None:
        """End everything before the page is told: it may not listen."""
        self._end()
        await super().close(code, reason)

    def _end(self) -> None:
        if self._at_work is not None and self._at_work is not asyncio.current_task():
            self._at_work.cancel()
        if self._terminal is not None:
            self._terminal.close()
        self._terminal, self._has_ended = None, True
        self._places.close()

    def look(self, access: Access) -> Seen:
        instance = instance_access.find(access, self._instance_id)
        if instance.status == Status.DELETING:
            raise NotFound("The instance is being deleted.")
        held = Rights(access.role, rights.chosen(access.role, self._wish))
        return Seen(instance, access, reach.of(instance, held))

    async def seen(self, found: Seen) -> None:
        before, self._seen = self._seen, found
        if before is None and not await self._take_a_place(found):
            return
        if self._is_idle():
            await self._leave(IDLE, "Nothing was entered for 30 minutes, so the console closed.")
        else:
            await self._keep_up(found.reach)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Do what the page asks for; what makes no sense is ignored."""
        with suppress(ValueError, KeyError, TypeError, RecursionError):
            if text_data is not None and len(text_data) <= SENT_CHARACTERS:
                await self._do(json.loads(text_data))

    async def _do(self, sent: dict[str, Any]) -> None:
        if self._has_ended:
            return
        if self._terminal is None:
            await self._say(messages.failed("The console is not connected yet. Try again."))
            return
        self._touched_at = time.monotonic()
        what = sent["do"]
        if what == "enter":
            await self._begin(partial(self._terminal.enter, str(sent["line"])))
        elif what == "confirm":
            await self._begin(
                partial(self._terminal.confirm, str(sent["token"]), str(sent["typed"]))
            )
        elif what == "stop":
            await self._stop()
        elif what == "scope":
            self._choose(str(sent["scope"]))

    # What the person does

    async def _begin(self, work: Callable[[], Awaitable[None]]) -> None:
        """Work beside the socket, which goes on listening for Stop."""
        if self._is_busy:
            await self._say(messages.notice("The command before is still running. Stop it first."))
            return
        self._at_work = asyncio.create_task(self._work(work))

    async def _work(self, work: Callable[[], Awaitable[None]]) -> None:
        has_answered = False
        try:
            await work()
            has_answered = True
        except asyncio.CancelledError:
            has_answered = True  # whoever cancels answers
            raise
        finally:
            if not has_answered:
                await self.close(code=TRY_AGAIN)

    async def _stop(self) -> None:
        if self._at_work is None or self._at_work.done() or self._terminal is None:
            return
        self._at_work.cancel()
        await asyncio.wait([self._at_work])
        await self._terminal.stop()

    def _choose(self, wish: str) -> None:
        """Go on with fewer rights than the role has, or with all of them."""
        self._wish = wish
        self._changed.set()

    # What becomes of the server and the person

    async def _keep_up(self, reach: Reach) -> None:
        """Have a connection to the server as it is now, with the rights of now."""
        if self._terminal is None:
            self._terminal = Terminal(reach, self._say, self._record)
            await self._connect(self._terminal, reach)
            return
        before = self._terminal.reach
        has_moved = (before.server, before.scope) != (reach.server, reach.scope)
        if has_moved and self._is_busy:
            await self._stop()
        if has_moved or not (self._is_busy or self._terminal.session.is_connected):
            await self._connect(self._terminal, reach)
        else:
            self._terminal.reach = reach

    async def _connect(self, terminal: Terminal, reach: Reach) -> None:
        lost = terminal.session.close()
        is_same_scope = self._welcomed is reach.scope
        try:
            await terminal.turn_to(reach)
        except Unavailable as error:
            await self._say_away(error.message, lost)
            return
        if not is_same_scope:
            await self._welcome(terminal, reach.scope)
        if is_same_scope:
            await self._say(messages.back(f"Connected again. {lost}".strip()))
        self._is_away = False

    async def _say_away(self, reason: str, lost: str) -> None:
        if self._is_away or self._seen is None:
            return
        self._is_away = True
        status = self._seen.instance.status
        state = reason if status == Status.RUNNING else f"The instance is {status} now."
        await self._say(messages.away(f"{state} {lost}".strip()))

    async def _welcome(self, terminal: Terminal, scope: Scope) -> None:
        assert self._seen is not None
        self._welcomed = scope
        await self._say(
            {
                "type": "ready",
                "scope": scope.value,
                "scopes": [each.value for each in rights.scopes_of(self._seen.access.role)],
                "manual": terminal.manual.listed(scope) if terminal.manual else [],
            }
        )

    async def _take_a_place(self, found: Seen) -> bool:
        try:
            self._places.enter_context(pace.counted(found.access.user.pk, found.instance.pk))
        except Conflict as error:
            await self._leave(TOO_MANY, error.message)
            return False
        return True

    async def _leave(self, code: int, words: str) -> None:
        await self._say(messages.notice(words))
        await self.close(code=code)

    # Small change

    @property
    def _instance_id(self) -> UUID:
        instance: UUID = self.scope["url_route"]["kwargs"]["instance"]
        return instance

    @property
    def _is_busy(self) -> bool:
        return self._at_work is not None and not self._at_work.done()

    def _is_idle(self) -> bool:
        return time.monotonic() - self._touched_at > pace.IDLE_SECONDS

    async def _say(self, message: Message) -> None:
        prompt = self._terminal.prompt if self._terminal else ""
        await self.send(text_data=json.dumps({**message, "prompt": prompt}))

    async def _record(self, entered: Entered) -> None:
        assert self._seen is not None
        user = self._seen.access.user
        address = (self.scope.get("client") or [None])[0]
        actor = Actor(
            user_id=user.pk, label=user.email, means=Means.DASHBOARD, address=address or None
        )
        await database_sync_to_async(services.record)(actor, self._seen.instance, entered)
