"""The list of management keys, as its page shows it."""

from django.db.models.functions import Lower
from django.http import QueryDict

from managementkeys.access import keys_of
from orgs.access import Access
from redisgate.lib import leaves
from redisgate.lib.sorting import PARAMETER, Column, Order, written

PAGE_SIZE = 25
USUAL = ("-created_at", "id")
HEADS = (
    Column("Name", "name", Lower("name")),
    Column("Role"),
    Column("Last used", "used", "last_used_at", begins_high=True),
    Column("Status", "expiry", "expires_at"),
)


def context(access: Access, query: QueryDict) -> dict[str, object]:
    """Give a page of the keys in the order that the address asks for."""
    order = Order.of(query, HEADS)
    page = leaves.page_of(
        order.of_rows(keys_of(access), USUAL), PAGE_SIZE, leaves.asked(query).number
    )
    query_of = written(**{PARAMETER: order.word})
    return {"keys": page.object_list, "page": page, "heads": order.heads(HEADS), "query": query_of}
