"""Open pages, kept true.

What their sockets send are the very fragments that the pages are made of.
"""

import asyncio
import time
from abc import abstractmethod
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from channels.db import database_sync_to_async
from django.http import QueryDict
from django.template.loader import render_to_string

from instances import access as instance_access
from instances import connections, first_seen, lookout, pages
from instances.connections import Connections, Event
from instances.glances import Glance
from instances.listing import Asked
from instances.lookout import Sight
from instances.models import Instance
from instances.presentation import Shown
from instances.sockets import WatchfulSocket
from instances.tabs import OVERVIEW
from instances.witnessing import Away
from orgs.access import Access
from orgs.roles import Permission
from orgs.standing import Asker, Refused
from redisgate.lib.errors import NotFound, RedisGateError
from redisgate.lib.release import release

WATCH = '{"watch":true}'
"""What a page says when somebody wants to see the first connection."""
HEARTBEAT_SECONDS = 5.0
HEARTBEAT = "<!-- alive -->"  # no element, so the page swaps nothing


class LivePage(WatchfulSocket[str]):
    """One open page of one person; subclasses say what it shows."""

    instance_id: UUID | None = None
    _role = ""

    @abstractmethod
    def changes(self, access: Access, sight: Sight) -> str:
        """Return the fragments that changed since the last look, or nothing."""

    def draw(self, access: Access, sight: Sight) -> str:
        """Give what changed, and first whether the person may do other things now."""
        return self._news_of_role(access) + self.changes(access, sight)

    @property
    def asker(self) -> Asker:
        return Asker(self.scope["session"].session_key, self._organization)

    async def connect(self) -> None:
        self._sent_at = time.monotonic()
        await super().connect()
        if self._query("release") not in {"", release()}:
            await self.send(text_data=render_to_string("instances/_outdated.html"))

    async def ask(self) -> tuple[int, str | None]:
        found = await lookout.look(self)
        return (int(found), None) if isinstance(found, Refused) else (0, found)

    async def seen(self, found: str) -> None:
        if found or time.monotonic() - self._sent_at > HEARTBEAT_SECONDS:
            await self.send(text_data=found or HEARTBEAT)
            self._sent_at = time.monotonic()

    def _news_of_role(self, access: Access) -> str:
        before, self._role = self._role or self._query("role"), access.role.value
        if before in {"", access.role.value}:
            return ""
        return render_to_string("layouts/_role_changed.html", {"access": access})

    @property
    def _version_of_page(self) -> str:
        """What the page showed when it opened this socket; spares a swap of equal content."""
        return self._query("seen")

    def _query(self, name: str) -> str:
        """Return what the page says of itself in the socket's address."""
        query = parse_qs(self.scope["query_string"].decode("ascii", "replace"))
        return query.get(name, [""])[0]


class InstanceList(LivePage):
    """A page of the list: a row for each change, the whole table when rows come or go."""

    _seen: tuple[dict[UUID, str], int, int] | None = None

    def changes(self, access: Access, sight: Sight) -> str:
        leaf = sight.listing(access).leaf(self._asked)
        versions = {each.id: each.version for each in leaf.rows}
        before, self._seen = self._seen, (versions, leaf.count, leaf.total)
        if before is None and leaf.version == self._version_of_page:
            return ""
        if before is None or _places(*before) != _places(*self._seen):
            values = pages.list_context(access, leaf)
            return render_to_string("instances/_table.html", values)
        changed = (each for each in leaf.rows if before[0][each.id] != each.version)
        return "".join(_spoken("_row.html", sight, access, each) for each in changed)

    @property
    def _asked(self) -> Asked:
        """What of the list the page shows."""
        query = QueryDict(mutable=True)
        query.update({name: self._query(name) for name in ("q", "state", "page", "sort")})
        return Asked.of(query)


def _places(versions: dict[UUID, str], count: int, total: int) -> tuple[object, ...]:
    """Say which rows a page has in which order, and how many it tells of."""
    return (*versions, count, total)


class InstanceDetail(LivePage):
    """One instance: its live parts whenever they change, a farewell when it is gone."""

    _seen: str | None = None
    _figures_seen: Glance | None = None
    _shown: tuple[Access, Shown] | None = None
    _watching: asyncio.Task[None] | None = None

    @property
    def instance_id(self) -> UUID:  # type: ignore[override]
        instance_id: UUID = self.scope["url_route"]["kwargs"]["instance"]
        return instance_id

    @property
    def _is_overview(self) -> bool:
        return self._query("tab") == OVERVIEW.name

    def changes(self, access: Access, sight: Sight) -> str:
        shown = sight.find(access, self.instance_id)
        self._shown = (access, shown) if shown else None
        if shown is None:
            before, self._seen = self._seen, "gone"
            return "" if before == "gone" else self._farewell(access)
        before, self._seen = self._seen or self._version_of_page, shown.version
        figures_before, self._figures_seen = self._figures_seen, sight.glance(shown)
        if shown.version != before:
            return self._parts(access, sight, shown)
        if self._is_overview and self._figures_seen != figures_before:
            return sight.draw("_glance.html", access, shown, is_oob=True, **self._overview(shown))
        return ""

    def _parts(self, access: Access, sight: Sight, shown: Shown) -> str:
        if not self._is_overview:
            return _spoken("_live.html", sight, access, shown)
        return _spoken("_live.html", sight, access, shown, "overview", **self._overview(shown))

    def _overview(self, shown: Shown) -> dict[str, object]:
        return pages.overview_context(shown, self._figures_seen)

    async def connect(self) -> None:
        self._has_looked = asyncio.Event()
        await super().connect()

    async def seen(self, found: str) -> None:
        await super().seen(found)
        self._has_looked.set()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Begin to watch for the first connection when the page asks for it; ignore all else."""
        if (
            text_data == WATCH
            and self._is_overview
            and (not self._watching or self._watching.done())
        ):
            self._watching = asyncio.create_task(self._watch())

    async def disconnect(self, code: int) -> None:
        self._end_watch()
        await super().disconnect(code)

    async def close(self, code: Any = None, reason: Any = None) -> None:
        """End the watch before the page is told: it may not listen."""
        self._end_watch()
        await super().close(code, reason)

    def _end_watch(self) -> None:
        if self._watching is not None:
            self._watching.cancel()

    async def _watch(self) -> None:
        """Send the card again with each refusal and the first visitor; it ends by itself."""
        refusals: tuple[Event, ...] = ()
        await self._has_looked.wait()  # before that nobody knows what the person may see
        try:
            await self._send_card("watching")
            instance = await database_sync_to_async(self._instance)()
            async for seen in connections.watch(instance):
                refusals = (*seen.refusals, *refusals)
                told = replace(seen, refusals=refusals)
                await self._send_card("seen" if seen.visitors else "watching", told)
                if seen.visitors:
                    await database_sync_to_async(first_seen.remember)(instance, seen)
                    return
            await self._send_card("over", Connections(refusals=refusals))
        except Away:
            await self._send_card(
                "over", away="The server doesn't answer. Watch again when it runs."
            )
        except RedisGateError as error:
            await self._send_card("over", away=error.message)

    def _instance(self) -> Instance:
        """Read the instance with its secrets, which a look leaves out."""
        if self._shown is None:
            raise NotFound("There is no such instance.", log="nothing seen yet")
        access, _ = self._shown
        access.require(Permission.INSTANCE_SECRET_VIEW)
        return instance_access.find(access, self.instance_id)

    async def _send_card(self, phase: str, seen: Connections | None = None, away: str = "") -> None:
        """Show the card, as long as the person may see who connects."""
        if self._shown is None or not self._shown[0].may(Permission.INSTANCE_SECRET_VIEW):
            return
        values = pages.detail_context(*self._shown, phase=phase, seen=seen, away=away, is_oob=True)
        await self.send(text_data=render_to_string("instances/_witness.html", values))

    def _farewell(self, access: Access) -> str:
        return render_to_string("instances/_gone.html", pages.context(access))


def _spoken(
    template: str, sight: Sight, access: Access, shown: Shown, *more: str, **values: object
) -> str:
    """Draw a change and say it to screen readers, in a region that is never swapped itself."""
    drawn = sight.draw(template, access, shown, *more, **values)
    return drawn + sight.draw("_spoken.html", access, shown)
