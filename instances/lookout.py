"""One look at the database for all open pages of this process.

Each page asks for itself, and those that ask at about the same time are answered from the same
few queries and drawings. What an open page costs is then its own bytes, not its own look.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Protocol
from uuid import UUID
from weakref import WeakKeyDictionary

from channels.db import database_sync_to_async
from django.db import DatabaseError
from django.db.models import Q
from django.template.loader import render_to_string

from instances import glances, pages
from instances.glances import Glance
from instances.listing import Asked, Leaf
from instances.models import Instance
from instances.presentation import Shown, show
from orgs.access import Access
from orgs.roles import Permission
from orgs.standing import Asker, Refused, standings

GATHER_SECONDS = 0.01
"""So long the first who asks waits for others; an announcement wakes many at once."""


class Listing:
    """All instances of one organization, as one role sees them."""

    def __init__(self, access: Access, instances: Sequence[Instance]) -> None:
        self._access = access
        self._instances = instances
        self._shown: dict[UUID, Shown] = {}
        self._leaves: dict[Asked, Leaf] = {}

    def leaf(self, asked: Asked) -> Leaf:
        if asked not in self._leaves:
            page = asked.page_of(self._instances)
            rows = [self.show(each) for each in page]
            self._leaves[asked] = Leaf(asked, page, rows, len(self._instances))
        return self._leaves[asked]

    def find(self, instance_id: UUID) -> Shown | None:
        found = next((each for each in self._instances if each.id == instance_id), None)
        return self.show(found) if found else None

    @property
    def instances(self) -> Sequence[Instance]:
        return self._instances

    def show(self, instance: Instance) -> Shown:
        if instance.id not in self._shown:
            self._shown[instance.id] = show(self._access, instance)
        return self._shown[instance.id]


class Sight:
    """What one look saw. Pages of equal roles share what is drawn from it."""

    def __init__(self, instances: Iterable[Instance], figures: dict[UUID, Glance]) -> None:
        self._instances: defaultdict[UUID, list[Instance]] = defaultdict(list)
        for instance in instances:
            self._instances[instance.organization_id].append(instance)
        self._figures = figures
        self._listings: dict[tuple[UUID, str], Listing] = {}
        self._drawn: dict[tuple[str, ...], str] = {}

    def listing(self, access: Access) -> Listing:
        whose = access.organization.pk, access.role.value
        if whose not in self._listings:
            self._listings[whose] = Listing(access, self._instances[whose[0]])
        return self._listings[whose]

    def find(self, access: Access, instance_id: UUID) -> Shown | None:
        return self.listing(access).find(instance_id)

    def glance(self, shown: Shown) -> Glance:
        return self._figures.get(shown.id, ())

    def draw(self, template: str, access: Access, shown: Shown, *more: str, **values: Any) -> str:
        """Draw a fragment of one instance, once for all who see it alike.

        ``more`` tells drawings apart whose ``values`` differ.
        """
        key = (template, access.organization.slug, shown.key, shown.version, *more)
        if key not in self._drawn:
            context = pages.detail_context(access, shown, **values)
            self._drawn[key] = render_to_string(f"instances/{template}", context)
        return self._drawn[key]


class Page(Protocol):
    """An open page: who asks for what, and what it makes of a look."""

    @property
    def asker(self) -> Asker: ...

    @property
    def instance_id(self) -> UUID | None:
        """The only instance on the page; None where it shows all."""

    def draw(self, access: Access, sight: Sight) -> str:
        """Return the fragments that changed since the last look, or nothing."""


Answer = str | Refused
"""Changed fragments, or why there will be none."""


class Lookout:
    """Gather those who ask, look once, answer all."""

    def __init__(self) -> None:
        self._asking: list[tuple[Page, asyncio.Future[Answer]]] = []
        self._looks: set[asyncio.Task[None]] = set()

    async def look(self, page: Page) -> Answer:
        """Look for one page; raises DatabaseError where nobody could look."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._asking.append((page, answer))
        if len(self._asking) == 1:
            look = asyncio.create_task(self._look())
            self._looks.add(look)
            look.add_done_callback(self._looks.discard)
        return await answer

    async def _look(self) -> None:
        await asyncio.sleep(GATHER_SECONDS)
        asking, self._asking = self._asking, []
        waiting = [(page, answer) for page, answer in asking if not answer.done()]
        try:
            answers = await database_sync_to_async(_answers)([page for page, _ in waiting])
            for (_, answer), found in zip(waiting, answers, strict=True):
                if not answer.done():
                    answer.set_result(found)
        except DatabaseError as error:
            for _, answer in waiting:
                if not answer.done():
                    answer.set_exception(error)
        finally:
            for _, answer in waiting:
                answer.cancel()  # nobody waits for ever for a look that failed otherwise


_lookouts: WeakKeyDictionary[asyncio.AbstractEventLoop, Lookout] = WeakKeyDictionary()


async def look(page: Page) -> Answer:
    """Look for one page, together with all that ask now in this process."""
    return await _lookouts.setdefault(asyncio.get_running_loop(), Lookout()).look(page)


def _answers(pages_asking: Sequence[Page]) -> list[Answer]:
    """Every right is asked anew, and nothing is drawn for whom it is gone."""
    allowed = standings({page.asker for page in pages_asking}, Permission.INSTANCE_VIEW)
    seeing = [page for page in pages_asking if isinstance(allowed[page.asker], Access)]
    sight = _sight(seeing)

    def answer(page: Page) -> Answer:
        standing = allowed[page.asker]
        return standing if isinstance(standing, Refused) else page.draw(standing, sight)

    return [answer(page) for page in pages_asking]


def _sight(seeing: Sequence[Page]) -> Sight:
    lists = {page.asker.organization for page in seeing if page.instance_id is None}
    single = {page.instance_id for page in seeing if page.instance_id is not None}
    if not seeing:
        return Sight([], {})
    wanted = Instance.objects.filter(Q(organization__in=lists) | Q(pk__in=single))
    wanted = wanted.select_related("their_server").defer(*pages.NOT_LISTED)
    return Sight(wanted, glances.glances_of(single))
