"""The lines of a statement, as its page shows them."""

from collections.abc import Callable
from typing import Any

from django.http import QueryDict

from metering.counting import Line
from metering.statements import Statement
from redisgate.lib import leaves
from redisgate.lib.sorting import PARAMETER, Column, Order, written

PAGE_SIZE = 50


def _figure(label: str, name: str) -> Column:
    return Column(label, name, is_number=True, begins_high=True)


HEADS = (
    Column("Instance", "name"),
    _figure("Hours", "hours"),
    _figure("Memory reserved", "memory"),
    _figure("HTTP requests", "requests"),
    _figure("HTTP commands", "commands"),
    _figure("In", "in"),
    _figure("Out", "out"),
)
KEYS: dict[str, Callable[[Line], Any]] = {
    "name": lambda line: line.name.casefold(),
    "hours": lambda line: line.amounts.running_hours,
    "memory": lambda line: line.amounts.memory_mb_hours,
    "requests": lambda line: line.amounts.requests,
    "commands": lambda line: line.amounts.commands,
    "in": lambda line: line.amounts.bytes_in,
    "out": lambda line: line.amounts.bytes_out,
}


def context(statement: Statement, query: QueryDict) -> dict[str, object]:
    """Give a page of the lines in the order asked for, or with ``?all=1`` all of them, to print."""
    order, is_whole = Order.of(query, HEADS), query.get("all") == "1"
    lines = order.of_lines(statement.lines, KEYS)
    page_size = max(len(lines), 1) if is_whole else PAGE_SIZE
    others = {"month": str(statement.month), "all": "1" if is_whole else ""}
    return {
        "page": leaves.page_of(lines, page_size, query.get("page", "1")),
        "query": written(**others, **{PARAMETER: order.word}),
        "heads": order.heads(HEADS, **others),
    }
