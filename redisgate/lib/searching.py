"""Search in lists of the management API."""

from django.http import HttpRequest
from rest_framework.exceptions import ValidationError
from rest_framework.filters import SearchFilter
from rest_framework.request import Request

WORDS_MAX = 20


class BoundedSearchFilter(SearchFilter):
    """``?search=`` with as many words as a database takes without choking on the query."""

    def get_search_terms(self, request: Request | HttpRequest) -> list[str]:
        terms: list[str] = super().get_search_terms(request)  # type: ignore[arg-type]
        if len(terms) > WORDS_MAX:
            raise ValidationError({"search": [f"Search for {WORDS_MAX} words at most."]})
        return terms
