"""Where the objects of events are today: rooms above say it of what is theirs."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from uuid import UUID

from django.urls import reverse

from audit.models import AuditEvent
from orgs.models import Organization

Finder = Callable[[Organization, Collection[UUID]], Mapping[UUID, str]]
"""Give the pages of those objects that still exist, in one query."""

_finders: dict[Finder, frozenset[str]] = {}


def register(*object_types: str, finder: Finder) -> None:
    """Let a room say where its objects are; to be called when the room is ready."""
    _finders[finder] = frozenset(object_types)


def links_of(organization: Organization, events: Iterable[AuditEvent]) -> dict[UUID, str]:
    """Find pages of the events' objects, with one query for each kind of object."""
    ids: dict[str, set[UUID]] = defaultdict(set)
    for event in events:
        ids[event.object_type].add(event.object_id)
    links: dict[UUID, str] = {}
    for finder, object_types in _finders.items():
        wanted = set[UUID]().union(*(ids[each] for each in object_types))
        links.update(finder(organization, wanted) if wanted else {})
    return links


def overview(organization: Organization, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Find the organization itself among its objects."""
    page = reverse("orgs:overview", args=[organization.slug])
    return {organization.pk: page} if organization.pk in ids else {}
