"""Lists of the management API, page by page.

A cursor says after which row a page begins. So no page repeats or misses a row while others are
added, and the thousandth page costs as much as the first.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import F, Model, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import OrderBy
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from redisgate.lib.errors import InvalidInput

LIMIT = 50
LIMIT_MAX = 200
FOREIGN = {"page", "page_size", "per_page", "page_token", "offset", "skip", "after", "before"}
"""How other APIs leaf."""


class InvalidCursor(InvalidInput):
    """The cursor isn't one of ours, or belongs to another order."""

    code = "invalid_cursor"

    def __init__(self) -> None:
        words = "This cursor doesn't belong to this list. Begin again without it."
        super().__init__(words, details={"errors": {"cursor": [words]}})


@dataclass(frozen=True, slots=True)
class Term:
    """One word of an order; empty values come last, or first when read backwards."""

    name: str
    is_descending: bool
    may_be_empty: bool

    def of(self, row: Any) -> Any:
        """Read the value in a row, perhaps one of a related row: ``user__username``."""
        return reduce(getattr, self.name.split(LOOKUP_SEP), row)

    def order(self, *, backwards: bool) -> str | OrderBy:
        descends = self.is_descending is not backwards
        if not self.may_be_empty:
            return f"-{self.name}" if descends else self.name
        where = {"nulls_first": True} if backwards else {"nulls_last": True}
        return OrderBy(F(self.name), descending=descends, **where)

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def beyond(self, value: Any, *, backwards: bool) -> Q:
        """Find what comes after a value in this direction."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if backwards else Q(pk__in=())
        word = "lt" if self.is_descending is not backwards else "gt"
        further = Q(**{f"{self.name}__{word}": value})
        if self.may_be_empty and not backwards:
            further |= Q(**{f"{self.name}__isnull": True})
        return further


class CursorPage(BasePagination):
    """``?limit=`` and ``?cursor=``; ``next`` and ``previous`` are addresses to go on with."""

    def paginate_queryset(  # type: ignore[override]  # rows of a list have no columns to compare
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        refuse_foreign(request.query_params)
        self._address = request.build_absolute_uri()
        self.count = queryset.count()
        terms = _terms(queryset)
        limit = limit_of(request.query_params.get("limit"))
        cursor = _Cursor.read(request.query_params.get("cursor"), terms)
        rows = _rows(queryset, terms, cursor, limit + 1)
        page, has_more = rows[:limit], len(rows) > limit
        backwards = cursor is not None and cursor.is_backwards
        if backwards:
            page.reverse()
        has_next, has_previous = (True, has_more) if backwards else (has_more, cursor is not None)
        self.next = self._link(page[-1:], terms) if has_next else None
        self.previous = self._link(page[:1], terms, is_backwards=True) if has_previous else None
        return page

    def get_paginated_response(self, data: Any) -> Response:
        body = {
            "count": self.count,
            "next": self.next,
            "previous": self.previous,
            "results": data,
        }
        links = [
            f'<{address}>; rel="{name}"'
            for name, address in (("next", self.next), ("prev", self.previous))
            if address
        ]
        return Response(body, headers={"Link": ", ".join(links)} if links else None)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        properties = {
            "count": {"type": "integer", "description": "Of all pages."},
            "next": link,
            "previous": link,
            "results": schema,
        }
        return {"type": "object", "required": list(properties), "properties": properties}

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        limit = {"type": "integer", "minimum": 1, "maximum": LIMIT_MAX, "default": LIMIT}
        return [
            {"name": "limit", "in": "query", "description": "Rows a page.", "schema": limit},
            {
                "name": "cursor",
                "in": "query",
                "description": "Where the page begins: from `next` or `previous`.",
                "schema": {"type": "string"},
            },
        ]

    def _link(
        self, edge: Sequence[Any], terms: Sequence[Term], *, is_backwards: bool = False
    ) -> str | None:
        if not edge:
            return remove_query_param(self._address, "cursor") if not is_backwards else None
        cursor = _Cursor(_names(terms), [t.of(edge[0]) for t in terms], is_backwards)
        return replace_query_param(self._address, "cursor", cursor.written())


@dataclass(frozen=True, slots=True)
class _Cursor:
    order: list[str]
    values: list[Any]
    is_backwards: bool

    def written(self) -> str:
        text = json.dumps([self.order, self.values, self.is_backwards], default=_plain)
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str | None, terms: Sequence[Term]) -> "_Cursor | None":
        """Raises InvalidCursor."""
        if text is None:
            return None
        try:
            order, values, is_backwards = json.loads(base64.urlsafe_b64decode(text + "=="))
        except (ValueError, TypeError, RecursionError, binascii.Error):
            raise InvalidCursor from None
        is_fit = order == _names(terms) and isinstance(values, list) and len(values) == len(terms)
        if not is_fit or not all(map(_is_harmless, values)):
            raise InvalidCursor
        return cls(order, values, is_backwards is True)


def _rows(
    queryset: QuerySet[Any], terms: Sequence[Term], cursor: _Cursor | None, limit: int
) -> list[Any]:
    backwards = cursor is not None and cursor.is_backwards
    ordered = queryset.order_by(*(term.order(backwards=backwards) for term in terms))
    if cursor is None:
        return list(ordered[:limit])
    try:
        return list(ordered.filter(_after(terms, cursor))[:limit])
    except (ValueError, TypeError, OverflowError, DjangoValidationError):
        raise InvalidCursor from None


def _after(terms: Sequence[Term], cursor: _Cursor) -> Q:
    """Find rows that come after the cursor's in the order of several columns."""
    found, same = Q(pk__in=()), Q()
    for term, value in zip(terms, cursor.values, strict=True):
        found |= same & term.beyond(value, backwards=cursor.is_backwards)
        same &= term.same(value)
    return found


def _terms(queryset: QuerySet[Any]) -> list[Term]:
    model = queryset.model
    order: Iterable[Any] = queryset.query.order_by or model._meta.ordering or ()
    names = [str(each) for each in order]
    if not {"id", "pk", "-id", "-pk"} & set(names):
        names.append(model._meta.pk.name)
    return [
        Term(name.lstrip("-"), name.startswith("-"), _may_be_empty(model, name.lstrip("-")))
        for name in names
    ]


def _names(terms: Iterable[Term]) -> list[str]:
    return [f"-{term.name}" if term.is_descending else term.name for term in terms]


def _may_be_empty(model: type[Model], name: str) -> bool:
    try:
        return bool(getattr(model._meta.get_field(name), "null", True))
    except FieldDoesNotExist:
        return name != "pk"


def refuse_foreign(query: Iterable[str]) -> None:
    """Raise ValidationError for them: ignored, they would give the first page for ever."""
    words = "A list goes on with the cursor in next. Say with limit how many rows a page has."
    if foreign := sorted(FOREIGN.intersection(query)):
        raise ValidationError({name: [words] for name in foreign})


def limit_of(text: str | None) -> int:
    """Read how many rows a page shall have. Raises ValidationError."""
    if text is None:
        return LIMIT
    is_number = text.isascii() and text.isdigit() and len(text) <= 4
    if not is_number or not 1 <= int(text) <= LIMIT_MAX:
        raise ValidationError({"limit": [f"limit must be a whole number from 1 to {LIMIT_MAX}."]})
    return int(text)


def _is_harmless(value: Any) -> bool:
    is_plain = value is None or isinstance(value, str | int | float)
    return is_plain and not (isinstance(value, str) and "\0" in value)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
