"""What the pages of this room have in common: their door, their context, their fragments."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from browser import connection, quoting
from browser.connection import DATABASES
from browser.decoders import As
from browser.search import TYPES, How
from browser.state import State
from instances import pages as instance_pages
from instances.models import Instance
from instances.presentation import show
from orgs.access import Access
from orgs.roles import Permission
from redisgate.lib.errors import RedisGateError

Result = TypeVar("Result")

HOW_CHOICES = [
    (How.CONTAINS.value, "contains"),
    (How.PREFIX.value, "starts with"),
    (How.PATTERN.value, "pattern"),
]
AS_CHOICES = [
    (As.AUTO.value, "Automatic"),
    (As.TEXT.value, "Text"),
    (As.JSON.value, "JSON"),
    (As.MSGPACK.value, "MessagePack"),
    (As.GZIP.value, "gzip"),
    (As.ZLIB.value, "zlib, deflate"),
    (As.BASE64.value, "Base64"),
    (As.HEX.value, "Hex"),
]


@dataclass(frozen=True, slots=True)
class Visit:
    """One person on one instance's data."""

    request: HttpRequest
    access: Access
    instance: Instance
    state: State

    @property
    def may_edit(self) -> bool:
        return self.access.may(Permission.DATA_EDIT)

    def url(self, name: str, query: str = "", **more: str) -> str:
        where = {"org": self.access.organization.slug, "instance": self.instance.pk, **more}
        path = reverse(f"browser:{name}", kwargs=where)
        return f"{path}?{query}" if query else path


def visit(request: HttpRequest, org: str, reference: str, permission: Permission) -> Visit:
    """Open the organization and the instance of the address for one purpose."""
    access = instance_pages.enter(request, org, permission)
    instance = instance_pages.find(access, reference)
    return Visit(request, access, instance, State.of(request.GET))


def context(visit: Visit, **more: object) -> dict[str, object]:
    """Give what each fragment needs."""
    state = visit.state
    urls = {name: visit.url(name) for name in ("page", "keys", "key", "sweep")}
    return {
        "organization": visit.access.organization,
        "instance": visit.instance,
        "state": state,
        "below_name": quoting.shown(state.below),
        "urls": urls,
        "may_edit": visit.may_edit,
        "how_choices": HOW_CHOICES,
        "as_choices": AS_CHOICES,
        "types": TYPES,
        "databases": range(DATABASES),
        **more,
    }


def page_context(visit: Visit, **more: object) -> dict[str, object]:
    """Give what the frame of an instance's page needs besides."""
    frame = instance_pages.detail_context(
        visit.access, show(visit.access, visit.instance), tab="data"
    )
    return {
        **frame,
        **context(visit, **more),
    }


def or_refusal(look: Callable[[], Result]) -> tuple[Result | None, RedisGateError | None]:
    """Give what was found, or the refusal that stands in its place on the page."""
    try:
        return look(), None
    except RedisGateError as error:
        return None, error


def key_counts(visit: Visit) -> dict[int, int]:
    """Read how many keys each database holds."""
    with connection.reading(visit.instance) as server:
        text = server.send("INFO", "keyspace").decode()
    lines = [line.partition(":") for line in text.split() if line.startswith("db")]
    return {int(name[2:]): int(facts.split(",")[0][5:]) for name, _, facts in lines}


def fragment(
    visit: Visit, template: str, values: dict[str, object], *, status: int = 200, **events: Any
) -> HttpResponse:
    """Render a part of the page for htmx, with events for the page's script."""
    response = render(visit.request, f"browser/{template}", values, status=status)
    if events:
        response.headers["HX-Trigger"] = json.dumps(events)
    return response
