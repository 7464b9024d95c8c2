"""Open pages, kept true. What they send are the very fragments that the pages are made of."""

import time
from abc import abstractmethod
from urllib.parse import parse_qs
from uuid import UUID

from django.template.loader import render_to_string

from instances import pages
from instances.presentation import Shown, page_version, show
from instances.sockets import MemberSocket
from orgs.access import Access
from redisgate.lib.errors import NotFound

HEARTBEAT_SECONDS = 20.0
HEARTBEAT = "<!-- alive -->"  # no element, so the page swaps nothing


class LivePage(MemberSocket[str]):
    """One open page of one person; subclasses say what it shows."""

    @abstractmethod
    def draw(self, access: Access) -> str:
        """Return the fragments that changed since the last look, or nothing."""

    async def connect(self) -> None:
        self._sent_at = time.monotonic()
        await super().connect()

    def look(self, access: Access) -> str:
        return self.draw(access)

    async def seen(self, found: str) -> None:
        if found or time.monotonic() - self._sent_at > HEARTBEAT_SECONDS:
            await self.send(text_data=found or HEARTBEAT)
            self._sent_at = time.monotonic()

    @property
    def _version_of_page(self) -> str:
        """What the page showed when it opened this socket; spares a swap of equal content."""
        query = parse_qs(self.scope["query_string"].decode("ascii", "replace"))
        return query.get("seen", [""])[0]


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
