"""Points as bytes: by columns, each in the smallest numbers that hold it, compressed.

    version   one byte, 1
    the rest  zlib: a line of JSON, then the columns one after another, little-endian

The line holds the columns' names with their types as ``array`` names them. The first column,
``@``, says for each point at which place of the chunk it stands.
"""

import json
import sys
import zlib
from array import array
from collections.abc import Collection, Mapping

from figures.points import Point

VERSION = 1
PLACE = "@"
_TYPES = (("b", 1 << 7), ("h", 1 << 15), ("i", 1 << 31), ("q", 1 << 63))
_SIZES = {letter: array(letter).itemsize for letter, _ in _TYPES}


class UnknownVersion(Exception):
    """These bytes were packed by a later RedisGate."""


def pack(points: Mapping[int, Point]) -> bytes:
    """Write points by their places in the chunk."""
    places = sorted(points)
    rows = [points[place] for place in places]
    columns = {PLACE: _column(places)}
    for name in sorted({name for row in rows for name in row}):
        values = [row.get(name, 0) for row in rows]
        if any(values):
            columns[name] = _column(values)
    head = json.dumps([[name, each.typecode] for name, each in columns.items()]).encode()
    body = b"".join(_little_endian(each).tobytes() for each in columns.values())
    return bytes([VERSION]) + zlib.compress(head + b"\n" + body, 1)


def unpack(packed: bytes) -> dict[int, Point]:
    """Read what `pack` wrote."""
    found = columns(packed)
    places = found.pop(PLACE)
    return {
        place: dict(zip(found, row, strict=True))
        for place, row in zip(places, zip(*found.values(), strict=True), strict=True)
    }


def columns(packed: bytes, wanted: Collection[str] | None = None) -> "dict[str, array[int]]":
    """Read only some columns, and the places that they belong to; one of zeros has none."""
    if packed[0] != VERSION:
        raise UnknownVersion(f"version {packed[0]}")
    head, _, body = zlib.decompress(packed[1:]).partition(b"\n")
    names = json.loads(head)
    count = len(body) // sum(_SIZES[letter] for _, letter in names)
    found: dict[str, array[int]] = {}
    at = 0
    for name, letter in names:
        size = count * _SIZES[letter]
        if wanted is None or name in wanted or name == PLACE:
            found[name] = array(letter)
            found[name].frombytes(body[at : at + size])
            _little_endian(found[name])
        at += size
    return found


def _column(values: list[int]) -> "array[int]":
    least, most = min(values), max(values)
    letter = next(letter for letter, end in _TYPES if -end <= least and most < end)
    return array(letter, values)


def _little_endian(column: "array[int]") -> "array[int]":
    if sys.byteorder == "big":
        column.byteswap()
    return column
