"""``?fields=id,name``: answers with nothing but what was asked for."""

from collections.abc import Set
from typing import Any

from rest_framework.exceptions import ValidationError

PARAMETER = "fields"


def selected(data: Any, wanted: str | None) -> Any:
    """Keep these fields of an object, or of each row of a page. Raises ValidationError."""
    if wanted is None or not isinstance(data, dict):
        return data
    names = {name.strip() for name in wanted.split(",")} - {""}
    if isinstance(data.get("results"), list):
        return {**data, "results": [_part(row, names) for row in data["results"]]}
    return _part(data, names)


def _part(row: Any, names: Set[str]) -> Any:
    if not isinstance(row, dict):
        return row
    if not names or not names <= row.keys():
        raise ValidationError({PARAMETER: [f"Choose of these fields: {', '.join(row)}."]})
    return {name: value for name, value in row.items() if name in names}
