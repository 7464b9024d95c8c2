"""MessagePack as text: laid out like JSON, and exact where JSON has no word."""

import json
from collections.abc import Iterator

import msgpack

from browser import quoting

MAX_DEPTH = 60
MAX_CHARACTERS = 2_000_000


class NotMsgpack(ValueError):
    """It isn't MessagePack, or is nested or laid out beyond what anybody can read."""


def is_structure(raw: bytes) -> bool:
    """Tell whether it starts as a map or an array does; any byte is some MessagePack."""
    return bool(raw) and (0x80 <= raw[0] <= 0x9F or 0xDC <= raw[0] <= 0xDF)


def render(raw: bytes) -> str:
    """Lay the one value in the bytes out over lines; raises NotMsgpack."""
    parts: list[str] = []
    size = 0
    for part in _laid_out(_unpacked(raw), 0):
        size += len(part)
        if size > MAX_CHARACTERS:
            raise NotMsgpack("It would be too long.")
        parts.append(part)
    return "".join(parts)


def _unpacked(raw: bytes) -> object:
    try:
        # Pairs instead of dicts: keys may be anything, and may come twice.
        return msgpack.unpackb(
            raw,
            raw=False,
            unicode_errors="surrogateescape",
            strict_map_key=False,
            object_pairs_hook=_Map,
        )
    except (ValueError, msgpack.UnpackException, RecursionError) as error:
        raise NotMsgpack(str(error) or "it is cut off or no MessagePack.") from None


class _Map(list[tuple[object, object]]):
    """The pairs of a map, in their order."""


def _laid_out(value: object, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        raise NotMsgpack("It is nested too deep.")
    if isinstance(value, _Map):
        yield from _pairs(value, depth)
    elif isinstance(value, list):
        yield from _items(value, depth)
    else:
        yield _scalar(value)


def _pairs(pairs: _Map, depth: int) -> Iterator[str]:
    if not pairs:
        yield "{}"
        return
    for index, (key, value) in enumerate(pairs):
        yield ("{" if index == 0 else ",") + _line(depth + 1)
        yield from _laid_out(key, depth + 1)
        yield ": "
        yield from _laid_out(value, depth + 1)
    yield _line(depth) + "}"


def _items(items: list[object], depth: int) -> Iterator[str]:
    if not items:
        yield "[]"
        return
    for index, item in enumerate(items):
        yield ("[" if index == 0 else ",") + _line(depth + 1)
        yield from _laid_out(item, depth + 1)
    yield _line(depth) + "]"


def _scalar(value: object) -> str:
    if isinstance(value, bytes):
        return f'"{quoting.shown(value, quote=chr(34))}"'
    if isinstance(value, str):
        raw = value.encode("utf-8", "surrogateescape")
        return f'"{quoting.shown(raw, quote=chr(34))}"'
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    return repr(value)  # a timestamp, or a type that a program defined for itself


def _line(depth: int) -> str:
    return "\n" + "  " * depth
