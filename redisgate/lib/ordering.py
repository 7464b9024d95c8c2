"""Order of lists in the management API."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework.filters import OrderingFilter
from rest_framework.request import Request
from rest_framework.views import APIView


class StableOrderingFilter(OrderingFilter):
    """``?ordering=`` with the id as last word, so that no page repeats or misses a row."""

    def get_ordering(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> Sequence[str]:
        ordering = super().get_ordering(request, queryset, view) or ()
        return (*ordering, "id")
