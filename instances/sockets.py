"""Sockets of people: open for as long as the person may see what they are about.

A socket looks at the database when the room announces a change, and once a second anyway: the
announcement may be lost, the person may have signed out or left the organization, and neither
may stay unnoticed for long.
"""

import asyncio
import contextlib
import logging
import time
from abc import ABC, abstractmethod
from typing import Generic, TypeVar
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import DatabaseError

from accounts.sessions import person_of
from instances import live
from orgs import access as org_access
from orgs.access import Access
from orgs.roles import Permission
from orgs.standing import Refused
from redisgate.lib.errors import Forbidden, NotFound

log = logging.getLogger("redisgate.live")

LOOK_SECONDS = 0.8
"""Whoever may no longer see a page loses it within a second, so a look starts a bit before."""

NOT_SIGNED_IN = int(Refused.NOT_SIGNED_IN)
NOT_ALLOWED = int(Refused.NOT_ALLOWED)
NOT_FOUND = int(Refused.NOT_FOUND)
TRY_AGAIN = 1011

Found = TypeVar("Found")


class WatchfulSocket(AsyncWebsocketConsumer, ABC, Generic[Found]):
    """A socket of one member of an organization; subclasses say how it looks, and at what."""

    @abstractmethod
    async def ask(self) -> tuple[int, Found | None]:
        """Return what was found, or the code to close with. Every right is asked anew."""

    @abstractmethod
    async def seen(self, found: Found) -> None:
        """Do something with what a look has found."""

    async def connect(self) -> None:
        # Refusing before the handshake would hide the close code from the browser.
        await self.accept()
        self._has_left = False
        self._changed = asyncio.Event()
        self._group = live.group_of(self._organization)
        await self.channel_layer.group_add(self._group, self.channel_name)
        self._following = asyncio.create_task(self._follow())

    async def disconnect(self, code: int) -> None:
        self._has_left = True
        self._following.cancel()
        await self.channel_layer.group_discard(self._group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Ignore what browsers say, unless a subclass listens."""

    async def instance_changed(self, _message: dict[str, object]) -> None:
        self._changed.set()

    async def instance_deleted(self, _message: dict[str, object]) -> None:
        self._changed.set()

    @property
    def _organization(self) -> UUID:
        organization: UUID = self.scope["url_route"]["kwargs"]["org"]
        return organization

    async def _follow(self) -> None:
        code = TRY_AGAIN
        try:
            code = await self._look_until_refused()
        except DatabaseError as error:
            log.warning("A live page can't reach the database: %s", error)
        finally:
            # However it ended: a socket that looks at nothing must not stay open and seem live.
            if not self._has_left:
                await self.close(code=code)

    async def _look_until_refused(self) -> int:
        """Look for as long as the person may; return why it ended."""
        while True:
            code, found = await self.ask()
            if found is None:
                return code
            await self.seen(found)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), _until_next_look())
            self._changed.clear()


def _until_next_look() -> float:
    """All sockets of a process look at the same moments, so that they can share a look."""
    return LOOK_SECONDS - time.monotonic() % LOOK_SECONDS


class MemberSocket(WatchfulSocket[Found]):
    """A socket that looks for itself alone."""

    @abstractmethod
    def look(self, access: Access) -> Found:
        """Read what there is to see now. Raising NotFound or Forbidden ends the socket."""

    async def ask(self) -> tuple[int, Found | None]:
        return await database_sync_to_async(self._look)()

    def _look(self) -> tuple[int, Found | None]:
        person = person_of(self.scope["session"].session_key)
        if person is None:
            return NOT_SIGNED_IN, None
        try:
            access = org_access.enter(person, self._organization, Permission.INSTANCE_VIEW)
            return 0, self.look(access)
        except NotFound:
            return NOT_FOUND, None
        except Forbidden:
            return NOT_ALLOWED, None
