"""How one operation is read from its view."""

import re
from typing import Any

from django.utils.functional import Promise
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_doc
from drf_spectacular.types import OpenApiTypes

from redisgate.openapi import naming

SENTENCE_END = re.compile(r"(?<=[.;:])\s")


class ApiSchema(AutoSchema):
    """The docstring of ``get`` or ``post`` is what the operation does: its sentence the summary."""

    def get_operation_id(self) -> str:
        methods = frozenset(self.view.allowed_methods)
        is_list = self._is_list_view() or type(self.view).__name__.endswith("List")
        return naming.operation_id(self.path, self.method, is_list=is_list, siblings=methods)

    def get_tags(self) -> list[str]:
        return [naming.tag(self.path)]

    def get_summary(self) -> str | None:
        return SENTENCE_END.split(self._words(), maxsplit=1)[0].rstrip(".;:") or None

    def get_description(self) -> str | Promise:  # type: ignore[override]
        return self._words()

    def _is_list_view(self, serializer: Any = None) -> bool:
        """Take views by their name, too: ``MemberList`` lists, whatever it is described with."""
        is_named_so = self.method == "GET" and type(self.view).__name__.endswith("List")
        usual = getattr(self.view, "serializer_class", None)
        is_usual = usual is not None and isinstance(self.get_response_serializers(), usual)
        return (is_named_so and is_usual) or super()._is_list_view(serializer)

    def _get_serializer(self) -> Any:
        """Describe bodies of views that name no serializer as objects of any form."""
        names_one = getattr(self.view, "serializer_class", None) is not None
        if not names_one:
            return OpenApiTypes.OBJECT
        return super()._get_serializer()  # type: ignore[no-untyped-call]

    def _words(self) -> str:
        handler = getattr(self.view, self.method.lower())
        return " ".join(get_doc(handler).split())

    def _get_paginator(self) -> Any:
        """Know a paginator only where a list is paged; a view's other answers have none."""
        return super()._get_paginator() if self._is_list_view() else None  # type: ignore[no-untyped-call]
