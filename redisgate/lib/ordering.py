"""Order of lists in the management API."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.filters import OrderingFilter
from rest_framework.request import Request
from rest_framework.views import APIView


class StableOrderingFilter(OrderingFilter):
    """``?ordering=`` with the id as last word, so that no page repeats or misses a row."""

    def get_ordering(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> Sequence[str]:
        self._refuse_unknown(request, queryset, view)
        usual: Sequence[Any] = queryset.query.order_by or queryset.model._meta.ordering or ()
        ordering = super().get_ordering(request, queryset, view) or usual
        return ordering if "id" in ordering else (*ordering, "id")

    def _refuse_unknown(self, request: Request, queryset: QuerySet[Any], view: APIView) -> None:
        asked = request.query_params.get(self.ordering_param, "")
        words = [word.strip() for word in asked.split(",") if word.strip()]
        known = [name for name, _ in self.get_valid_fields(queryset, view, {"request": request})]
        if any(word.removeprefix("-") not in known for word in words):
            choice = f"Order by {', '.join(known)}, with - before it to reverse."
            raise ValidationError({"ordering": [choice]})
