"""What rooms above put on this room's pages: they register it when Django starts."""

from collections.abc import Callable, Iterable, Mapping

from django.http import HttpRequest

from accounts.models import User
from orgs.access import Access
from orgs.models import Organization

Panel = Callable[[HttpRequest, Access], Mapping[str, object]]
"""Give values for the overview of the organization that somebody has entered."""

ListPanel = Callable[[User, Iterable[Organization]], Mapping[str, object]]
"""Give values for the list of those of a person's organizations that are open to them."""

_panels: list[Panel] = []
_list_panels: list[ListPanel] = []


def register(panel: Panel) -> None:
    _panels.append(panel)


def register_list(panel: ListPanel) -> None:
    _list_panels.append(panel)


def of_overview(request: HttpRequest, access: Access) -> dict[str, object]:
    values: dict[str, object] = {}
    for panel in _panels:
        values.update(panel(request, access))
    return values


def of_list(user: User, organizations: Iterable[Organization]) -> dict[str, object]:
    values: dict[str, object] = {}
    for panel in _list_panels:
        values.update(panel(user, organizations))
    return values
