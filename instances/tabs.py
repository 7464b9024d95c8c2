"""The pages of one instance. Rooms above register theirs when Django starts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from instances.models import Instance
from instances.their_server import is_own, is_own_or_adopted
from orgs.access import Access
from orgs.roles import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One page; ``url_name`` takes ``org`` and ``instance``."""

    position: int
    name: str
    label: str
    icon: str
    url_name: str
    permission: Permission = Permission.INSTANCE_VIEW
    fits: Callable[[Instance], bool] = is_own
    """Which instances have the page: most are about servers that we run."""


@dataclass(frozen=True, slots=True)
class Link:
    """A tab of one instance as a page draws it."""

    name: str
    label: str
    icon: str
    url: str


OVERVIEW = Tab(
    position=0,
    name="overview",
    label="Overview",
    icon="database",
    url_name="instances:detail",
    fits=is_own_or_adopted,
)

_tabs: dict[int, Tab] = {OVERVIEW.position: OVERVIEW}


def register(tab: Tab) -> None:
    _tabs[tab.position] = tab


def links(access: Access, instance: Instance) -> Sequence[Link]:
    """Give the pages that this person may open, in order."""
    where = {"org": access.organization.slug, "instance": str(instance.pk)}
    return [
        Link(tab.name, tab.label, tab.icon, reverse(tab.url_name, kwargs=where))
        for _, tab in sorted(_tabs.items())
        if access.may(tab.permission) and tab.fits(instance)
    ]
