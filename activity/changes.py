"""What an event changed, as rows of a table."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from redisgate.lib import units

NOTE_MAX = 80
"""So many letters stand beside a sentence."""
FIRST = ("command", "key", "name")
"""What everything else is said of."""
LABELS = {"arguments": "number of arguments"}
MEGABYTES = "_mb"
UNITS = {"_seconds": "seconds", "_ms": "milliseconds"}


@dataclass(frozen=True, slots=True)
class Change:
    """One field: what it was, where that is known, and what it is or what was said of it."""

    name: str
    after: str
    before: str | None = None


def rows(changes: Mapping[str, object]) -> list[Change]:
    """Lay out ``before`` and ``after`` side by side, and everything else below."""
    before, after = changes.get("before"), changes.get("after")
    if isinstance(before, str) and isinstance(after, str):
        others = {name: changes[name] for name in changes.keys() - {"before", "after"}}
        return [Change("role", after, before), *rows(others)]
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return [Change(_named(name), _said(name, changes[name])) for name in _in_order(changes)]
    fields = _in_order({*before, *after})
    beside = [Change(_named(f), _said(f, after.get(f)), _said(f, before.get(f))) for f in fields]
    others = {name: changes[name] for name in changes.keys() - {"before", "after"}}
    return beside + rows(others)


def note(changes: Mapping[str, object]) -> str:
    """Say the one thing that changed, or the role that somebody has from now on.

    Nothing where that takes more than a few words.
    """
    known = rows(changes)
    if len(known) == 1 and known[0].before is not None:
        (one,) = known
        said = f"{one.before} → {one.after}" if one.name == "role" else _beside(one)
        return said if len(said) <= NOTE_MAX else ""
    role = changes.get("role")
    return f"as {role}" if isinstance(role, str) else ""


def _beside(one: Change) -> str:
    return f"{one.name}: {one.before} → {one.after}"


def _in_order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (name not in FIRST, _named(name)))


def _named(name: str) -> str:
    for ending, unit in UNITS.items():
        if name.endswith(ending):
            return f"{name.removesuffix(ending)} in {unit}".replace("_", " ")
    return LABELS.get(name, name).removesuffix(MEGABYTES).replace("_", " ")


def _said(name: str, value: object) -> str:
    if value is None or value == "":
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and name.endswith(MEGABYTES):
        return units.memory(value)
    if isinstance(value, list) and all(isinstance(each, str | int) for each in value):
        return ", ".join(map(str, value)) or "none"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
