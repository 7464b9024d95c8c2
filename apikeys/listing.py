"""The list of keys, as its page shows it."""

from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from apikeys import reports, sparks
from apikeys.access import keys_of, matching
from apikeys.pages import page_context
from orgs.access import Access
from redisgate.lib import leaves
from redisgate.lib.htmx import at_address, is_htmx
from redisgate.lib.sorting import PARAMETER, Column, Order, written

PAGE_SIZE = 25
TARGET = "keys"
"""The id of what searching swaps."""
USUAL = ("-created_at", "id")
HEADS = (
    Column("Name", "name", Lower("name")),
    Column("Scope"),
    Column("Instances"),
    Column("Last used", "used", "last_used_at", begins_high=True),
    Column("HTTP requests, 24 h"),
    Column("Status", "expiry", "expires_at"),
)


def context(access: Access, query: QueryDict) -> dict[str, object]:
    """Give a page of the keys that the address asks for."""
    wanted, is_revoked = leaves.asked(query, "search"), query.get("show") == "revoked"
    order = Order.of(query, HEADS)
    keys = matching(keys_of(access), wanted.words)
    narrowed = order.of_rows(keys.revoked() if is_revoked else keys.unrevoked(), USUAL)
    page = leaves.page_of(narrowed, PAGE_SIZE, wanted.number)
    shown = list(page.object_list)
    used, days = reports.of_last_days(shown), sparks.of_last_day(shown)
    filters = {"search": wanted.words, "show": "revoked" if is_revoked else ""}
    return page_context(
        access,
        keys=[(key, used.get(key.pk), days[key.pk]) for key in shown],
        page=page,
        query=written(**filters, **{PARAMETER: order.word}),
        heads=order.heads(HEADS, **filters),
        sort=order.word,
        shows_revoked=is_revoked,
        words=wanted.words,
    )


def answer(request: HttpRequest, access: Access) -> HttpResponse:
    """Show the page, or for a search only what it leaves of the list."""
    values = context(access, request.GET)
    if not is_htmx(request) or request.headers.get("HX-Target") != TARGET:
        return render(request, "apikeys/list.html", values)
    part = render(request, "apikeys/_keys.html", values)
    return at_address(part, request.path, str(values["query"]))
