"""Open pages, kept true.

A socket looks at the database when the room announces a change, and once a second anyway: the
announcement may be lost, the person may have signed out or left the organization, and neither
may show on a screen for long. What it sends are the very fragments that the pages are made of.
"""

import asyncio
import contextlib
import logging
import time
from abc import ABC, abstractmethod
from urllib.parse import parse_qs
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import DatabaseError
from django.template.loader import render_to_string

from accounts.sessions import person_of
from instances import live, pages
from instances.presentation import Shown, page_version, show
from orgs import access as org_access
from orgs.access import Access
from orgs.roles import Permission
from redisgate.lib.errors import Forbidden, NotFound

log = logging.getLogger("redisgate.live")

LOOK_SECONDS = 1.0
HEARTBEAT_SECONDS = 20.0
HEARTBEAT = "<!-- alive -->"  # no element, so the page swaps nothing

NOT_SIGNED_IN = 4401
NOT_ALLOWED = 4403
NOT_FOUND = 4404
TRY_AGAIN = 1011


class LivePage(AsyncWebsocketConsumer, ABC):
    """One open page of one person; subclasses say what it shows."""

    @abstractmethod
    def draw(self, access: Access) -> str:
        """Return the fragments that changed since the last look, or nothing."""

    async def connect(self) -> None:
        # Refusing before the handshake would hide the close code from the browser.
        await self.accept()
        self._has_left = False
        self._changed = asyncio.Event()
        self._sent_at = time.monotonic()
        self._group = live.group_of(self._organization)
        await self.channel_layer.group_add(self._group, self.channel_name)
        self._following = asyncio.create_task(self._follow())

    async def disconnect(self, code: int) -> None:
        self._has_left = True
        self._following.cancel()
        await self.channel_layer.group_discard(self._group, self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Ignore what browsers say: this socket only speaks."""

    async def instance_changed(self, _message: dict[str, object]) -> None:
        self._changed.set()

    async def instance_deleted(self, _message: dict[str, object]) -> None:
        self._changed.set()

    @property
    def _organization(self) -> UUID:
        organization: UUID = self.scope["url_route"]["kwargs"]["org"]
        return organization

    @property
    def _version_of_page(self) -> str:
        """What the page showed when it opened this socket; spares a swap of equal content."""
        query = parse_qs(self.scope["query_string"].decode("ascii", "replace"))
        return query.get("seen", [""])[0]

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
        """Send changes for as long as the person may see them; return why it ended."""
        while True:
            found = await database_sync_to_async(self._look)()
            if isinstance(found, int):
                return found
            if found or time.monotonic() - self._sent_at > HEARTBEAT_SECONDS:
                await self.send(text_data=found or HEARTBEAT)
                self._sent_at = time.monotonic()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), LOOK_SECONDS)
            self._changed.clear()

    def _look(self) -> str | int:
        """Return changed fragments, or the code to close with. Every right is asked anew."""
        person = person_of(self.scope["session"].session_key)
        if person is None:
            return NOT_SIGNED_IN
        try:
            access = org_access.enter(person, self._organization, Permission.INSTANCE_VIEW)
        except NotFound:
            return NOT_FOUND
        except Forbidden:
            return NOT_ALLOWED
        return self.draw(access)


class InstanceList(LivePage):
    """The list: a row for each change, the whole table when rows come or go."""

    _seen: dict[UUID, str] | None = None

    def draw(self, access: Access) -> str:
        shown = pages.list_all(access)
        versions = {each.id: each.version for each in shown}
        before, self._seen = self._seen, versions
        if before is None and page_version(shown) == self._version_of_page:
            return ""
        if before is None or before.keys() != versions.keys():
            return render_to_string("instances/_table.html", pages.list_context(access, shown))
        return "".join(_row(access, each) for each in shown if before[each.id] != each.version)


class InstanceDetail(LivePage):
    """One instance: its live parts whenever they change, a farewell when it is gone."""

    _seen: str | None = None

    def draw(self, access: Access) -> str:
        try:
            instance = pages.find(access, str(self.scope["url_route"]["kwargs"]["instance"]))
        except NotFound:
            before, self._seen = self._seen, "gone"
            return "" if before == "gone" else self._farewell(access)
        shown = show(access, instance)
        before, self._seen = self._seen or self._version_of_page, shown.version
        if shown.version == before:
            return ""
        values = pages.detail_context(access, shown)
        return render_to_string("instances/_live.html", values) + _spoken(values)

    def _farewell(self, access: Access) -> str:
        return render_to_string("instances/_gone.html", pages.context(access))


def _row(access: Access, shown: Shown) -> str:
    values = pages.detail_context(access, shown)
    return render_to_string("instances/_row.html", values) + _spoken(values)


def _spoken(values: dict[str, object]) -> str:
    """Say a change to screen readers, in a region of the page that is never swapped itself."""
    return render_to_string("instances/_spoken.html", values)
