"""Open pages, kept true.

What their sockets send are the very fragments that the pages are made of.
"""

import time
from abc import abstractmethod
from urllib.parse import parse_qs
from uuid import UUID

from django.template.loader import render_to_string

from instances import lookout, pages
from instances.glances import Glance
from instances.lookout import Sight
from instances.presentation import Shown
from instances.sockets import WatchfulSocket
from instances.tabs import OVERVIEW
from orgs.access import Access
from orgs.standing import Asker, Refused
from redisgate.lib.release import release

HEARTBEAT_SECONDS = 20.0
HEARTBEAT = "<!-- alive -->"  # no element, so the page swaps nothing


class LivePage(WatchfulSocket[str]):
    """One open page of one person; subclasses say what it shows."""

    instance_id: UUID | None = None

    @abstractmethod
    def draw(self, access: Access, sight: Sight) -> str:
        """Return the fragments that changed since the last look, or nothing."""

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

    @property
    def _version_of_page(self) -> str:
        """What the page showed when it opened this socket; spares a swap of equal content."""
        return self._query("seen")

    def _query(self, name: str) -> str:
        """Return what the page says of itself in the socket's address."""
        query = parse_qs(self.scope["query_string"].decode("ascii", "replace"))
        return query.get(name, [""])[0]


class InstanceList(LivePage):
    """The list: a row for each change, the whole table when rows come or go."""

    _seen: dict[UUID, str] | None = None

    def draw(self, access: Access, sight: Sight) -> str:
        listing = sight.listing(access)
        before, self._seen = self._seen, listing.versions
        if before is None and listing.version == self._version_of_page:
            return ""
        if before is None or before.keys() != listing.versions.keys():
            values = pages.list_context(access, listing.shown)
            return render_to_string("instances/_table.html", values)
        changed = (each for each in listing.shown if before[each.id] != each.version)
        return "".join(_spoken("_row.html", sight, access, each) for each in changed)


class InstanceDetail(LivePage):
    """One instance: its live parts whenever they change, a farewell when it is gone."""

    _seen: str | None = None
    _figures_seen: Glance | None = None

    @property
    def instance_id(self) -> UUID:  # type: ignore[override]
        instance_id: UUID = self.scope["url_route"]["kwargs"]["instance"]
        return instance_id

    @property
    def _is_overview(self) -> bool:
        return self._query("tab") == OVERVIEW.name

    def draw(self, access: Access, sight: Sight) -> str:
        shown = sight.find(access, self.instance_id)
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

    def _farewell(self, access: Access) -> str:
        return render_to_string("instances/_gone.html", pages.context(access))


def _spoken(
    template: str, sight: Sight, access: Access, shown: Shown, *more: str, **values: object
) -> str:
    """Draw a change and say it to screen readers, in a region that is never swapped itself."""
    drawn = sight.draw(template, access, shown, *more, **values)
    return drawn + sight.draw("_spoken.html", access, shown)
