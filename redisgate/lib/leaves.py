"""A page of a list, as an address asks for it: which page, and words that its rows have in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict

WORDS_MAX = 80


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a list shall be shown."""

    words: str = ""
    number: str = "1"


def asked(query: QueryDict, name: str = "q") -> Wanted:
    """Read it from an address that names the words so."""
    words = query.get(name, "").replace("\0", "")[:WORDS_MAX].strip()
    return Wanted(words, query.get("page", "1"))


def query_of_page(request: HttpRequest) -> QueryDict:
    """Return the query of the open page from which htmx asks for a part."""
    try:
        return QueryDict(urlsplit(request.headers.get("HX-Current-URL", "")).query)
    except ValueError:
        return QueryDict()


def page_of(rows: "QuerySet[Any] | Sequence[Any]", size: int, number: str) -> "Page[Any]":
    """Return a page; one that rows have left shows the last one, instead of nothing."""
    return Paginator(rows, size).get_page(number)
