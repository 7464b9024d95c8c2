"""Replies as redis-cli prints them on a terminal, byte for byte."""

from console.replies import Bulk, Failure, Many, Nil, Number, Reply, Status, Truth

_NAMED = {
    0x5C: "\\\\",
    0x22: '\\"',
    0x0A: "\\n",
    0x0D: "\\r",
    0x09: "\\t",
    0x07: "\\a",
    0x08: "\\b",
}
_SHOWN = [
    _NAMED.get(byte, chr(byte) if 0x20 <= byte < 0x7F else f"\\x{byte:02x}") for byte in range(256)
]
_NUMBERS = {"integer": "(integer) ", "double": "(double) ", "big": ""}
_EMPTY = {
    "array": "(empty array)",
    "map": "(empty hash)",
    "set": "(empty set)",
    "push": "(empty push)",
}
_MARKS = {"array": ")", "map": "#", "set": "~", "push": ")"}


def printed(reply: Reply, *, as_text: bool = False) -> str:
    """Write a reply in lines, without an end of the last one.

    ``as_text`` leaves a string as it is, as redis-cli does with what INFO answers.
    """
    if as_text and isinstance(reply, Bulk):
        return _readable(reply.data).removesuffix("\n")
    return _lines(reply, "")


def quoted(data: bytes) -> str:
    """Write a string in quotes, with escapes for all but printable ASCII."""
    return f'"{"".join(map(_SHOWN.__getitem__, data))}"'


def _lines(reply: Reply, prefix: str) -> str:
    if isinstance(reply, Many):
        return _many(reply, prefix)
    if isinstance(reply, Bulk):
        return _readable(reply.data) if reply.is_text else quoted(reply.data)
    if isinstance(reply, Number):
        return _NUMBERS[reply.kind] + reply.text.decode("ascii", "replace")
    if isinstance(reply, Failure):
        return "(error) " + _readable(reply.text)
    if isinstance(reply, Status):
        return _readable(reply.text)
    if isinstance(reply, Truth):
        return "(true)" if reply.is_true else "(false)"
    return _nil(reply)


def _nil(_reply: Nil) -> str:
    return "(nil)"


def _many(reply: Many, prefix: str) -> str:
    if not reply.size:
        return _EMPTY[reply.kind]
    is_map = reply.kind == "map"
    width = len(str(_entries(reply)))
    inner = prefix + " " * (width + 2)
    entries = _pairs(reply, inner) if is_map else [_lines(each, inner) for each in reply.items]
    mark = _MARKS[reply.kind]
    # The number of the first one stands behind whatever the reply itself is part of.
    return f"\n{prefix}".join(
        f"{number:>{width}}{mark} {entry}" for number, entry in enumerate(entries, 1)
    )


def _entries(reply: Many) -> int:
    return reply.size // 2 if reply.kind == "map" else reply.size


def _pairs(reply: Many, prefix: str) -> list[str]:
    names, values = reply.items[::2], reply.items[1::2]
    # Where the reply was cut behind a name, that one isn't shown.
    return [
        f"{_lines(name, prefix)} => {_value(value, prefix)}"
        for name, value in zip(names, values, strict=False)
    ]


def _value(value: Reply, prefix: str) -> str:
    text = _lines(value, prefix)
    return f"\n{prefix}{text}" if isinstance(value, Many) and "\n" in text else text


def _readable(data: bytes) -> str:
    return data.decode("utf-8", "replace")
