"""What the pages of this room have in common: their door, their context, their fragments."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from accounts.actors import person
from instances import access as instance_access
from instances import glances, tabs
from instances.glances import Glance
from instances.listing import COLUMNS, Asked, Leaf
from instances.models import Instance
from instances.presentation import Shown, show
from orgs import access as org_access
from orgs.access import Access
from orgs.roles import Permission
from redisgate.lib import htmx

LIST_TARGET = "instances"
FOUND_TARGET = "instance-list"
"""The list together with the socket that keeps it true."""
DETAIL_TARGET = "instance-live"
CREATE_TARGET = "create-dialog"

# The control loop's notes and the secrets are nothing for a list; decrypting them would cost most.
NOT_LISTED = (
    *("password", "admin_password", "former_password", "driver_state"),
    *("their_server__password", "their_server__key_pem"),
)


def enter(request: HttpRequest, org: str, permission: Permission) -> Access:
    """Open the organization named in the address. The view has made sure of the person."""
    return org_access.enter(person(request), org, permission)


def find(access: Access, reference: str) -> Instance:
    """Find an instance by the id or the slug in the address."""
    try:
        return instance_access.find(access, UUID(reference))
    except ValueError:
        return instance_access.find(access, reference)


def leaf(access: Access, asked: Asked) -> Leaf:
    """Read the page of the list that was asked for."""
    mine = instance_access.instances_of(access)
    lines = list(mine.values_list(*COLUMNS, named=True))
    page = asked.page_of(lines)
    found = mine.select_related("their_server").defer(*NOT_LISTED)
    rows = found.in_bulk([line.id for line in page])
    shown = [show(access, rows[line.id]) for line in page if line.id in rows]
    return Leaf(asked, page, shown, len(lines))


def context(access: Access, **more: object) -> dict[str, object]:
    """Give what each template needs, the shell included."""
    return {
        "organization": access.organization,
        "section": "instances",
        "may_create": access.may(Permission.INSTANCE_CREATE),
        "may_operate": access.may(Permission.INSTANCE_OPERATE),
        "may_create_keys": access.may(Permission.API_KEY_CREATE),
        "sees_activity": access.may(Permission.AUDIT_VIEW),
        **more,
    }


def list_context(access: Access, leaf: Leaf) -> dict[str, object]:
    return context(access, leaf=leaf, here=leaf.here, version=leaf.version)


def detail_context(
    access: Access, shown: Shown, *, tab: str = tabs.OVERVIEW.name, **more: Any
) -> dict[str, object]:
    """Give what a page of one instance needs; ``tab`` is the page's own name among them."""
    links = tabs.links(access, shown.instance)
    return context(access, shown=shown, instance=shown.instance, tabs=links, tab=tab, **more)


def target_of(request: HttpRequest) -> str:
    """Return the id of the element that htmx is going to replace, or nothing."""
    return request.headers.get("HX-Target", "") if htmx.is_htmx(request) else ""


def live_parts(request: HttpRequest, access: Access, shown: Shown) -> dict[str, object]:
    """Give what the live parts need of the page of an instance from which htmx asks."""
    more = overview_context(shown) if _is_on_overview(request) else {}
    return detail_context(access, shown, **more)


def overview_context(shown: Shown, figures: Glance | None = None) -> dict[str, Any]:
    """Give what only the first page of an instance shows; ``figures`` where they are known."""
    if figures is None:
        figures = glances.glances_of([shown.id]).get(shown.id, ())
    return {"is_overview": True, "has_glances": glances.are_known(), "glance": figures}


def _is_on_overview(request: HttpRequest) -> bool:
    try:
        path = urlsplit(request.headers.get("HX-Current-URL", "")).path
        return resolve(path).view_name == tabs.OVERVIEW.url_name
    except (ValueError, Resolver404):
        return False


def fragment(
    request: HttpRequest, template: str, values: Mapping[str, object], *, toast: str = ""
) -> HttpResponse:
    """Render a part of a page for htmx, with a toast when there is something to say."""
    response = render(request, f"instances/{template}", dict(values))
    if toast:
        htmx.toast(response, toast)
    return response
