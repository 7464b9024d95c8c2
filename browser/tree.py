"""Names as a tree: what stands before the separator, and how many keys are below it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MAX_PREFIX_BYTES = 512

_NUMBER = re.compile(rb"[0-9]+")
_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Level:
    """One level below a prefix: groups with the number of their keys, and keys that end here."""

    groups: dict[bytes, int]
    keys: list[bytes]


def group_of(name: bytes, prefix: bytes, separator: bytes) -> bytes | None:
    """Give the group that a name is in below the prefix, if any."""
    end = name.find(separator, len(prefix))
    return None if end < 0 or end > MAX_PREFIX_BYTES else name[: end + len(separator)]


def level(names: Iterable[bytes], prefix: bytes, separator: bytes) -> Level:
    """Group names by their next part; a group's name is its whole prefix, separator included."""
    groups: dict[bytes, int] = {}
    keys: list[bytes] = []
    for name in names:
        group = group_of(name, prefix, separator)
        if group is None:
            keys.append(name)
        else:
            groups[group] = groups.get(group, 0) + 1
    by_name = sorted(groups, key=_as_read)
    return Level({name: groups[name] for name in by_name}, sorted(keys, key=_as_read))


def _as_read(name: bytes) -> bytes:
    """Put 9 before 10, as people do."""
    return _NUMBER.sub(lambda digits: digits[0].zfill(_DIGITS), name)
