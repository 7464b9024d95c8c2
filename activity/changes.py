"""What an event changed, as rows of a table."""

import json
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """One field: what it was, where that is known, and what it is or what was said of it."""

    name: str
    after: str
    before: str | None = None


def rows(changes: Mapping[str, object]) -> list[Change]:
    """Lay out ``before`` and ``after`` side by side, and everything else below."""
    before, after = changes.get("before"), changes.get("after")
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return [Change(_named(name), _said(value)) for name, value in sorted(changes.items())]
    fields = sorted({*before, *after})
    beside = [Change(_named(f), _said(after.get(f)), _said(before.get(f))) for f in fields]
    others = {name: changes[name] for name in changes.keys() - {"before", "after"}}
    return beside + rows(others)


def _named(name: str) -> str:
    return name.replace("_", " ")


def _said(value: object) -> str:
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(each, str | int) for each in value):
        return ", ".join(map(str, value)) or "none"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
