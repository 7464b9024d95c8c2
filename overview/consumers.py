"""The open overview, told when an instance has changed."""

from uuid import UUID

from django.template.loader import render_to_string

from instances.consumers import LivePage
from instances.lookout import Sight
from orgs.access import Access
from overview import states
from overview.states import State


class LiveOverview(LivePage):
    """Say that something has changed; the page fetches what it shows of it."""

    _seen: dict[UUID, State] | None = None

    def changes(self, access: Access, sight: Sight) -> str:
        instances = sight.listing(access).instances
        before, self._seen = self._seen, states.states(instances)
        if before is None:
            is_current = states.version(self._seen) == self._version_of_page
            return "" if is_current else self._news(access)
        if before == self._seen:
            return ""
        changed = [each for each in instances if before.get(each.id) != self._seen[each.id]]
        words = [sight.listing(access).show(each) for each in changed[:5]]
        return self._news(access, spoken=words)

    def _news(self, access: Access, **values: object) -> str:
        context = {"organization": access.organization, **values}
        return render_to_string("overview/_news.html", context)
