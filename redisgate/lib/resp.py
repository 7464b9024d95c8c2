"""Commands as a Redis server reads them."""

from collections.abc import Callable, Iterable, Sequence

import hiredis

# hiredis is annotated as taking a 1-tuple, but it takes one of any length.
pack_one: Callable[[tuple[bytes | str, ...]], bytes] = hiredis.pack_command  # type: ignore[assignment]
"""Write one command, ready for the wire."""


def pack(commands: Iterable[Sequence[bytes | str]]) -> bytes:
    """Write commands one after another, ready for the wire."""
    return b"".join([pack_one(tuple(command)) for command in commands])


def pack_ascii(commands: Sequence[Sequence[str]]) -> bytes:
    """Do what ``pack`` does, for ASCII alone: sooner for many short commands of one length.

    They are written by columns: names, first arguments, and so on.
    """
    if len(commands) < _COLUMNS_FROM:
        return pack(commands)
    try:
        names, *columns = zip(*commands, strict=True)
        return _by_columns(names, columns).encode("ascii")
    except (ValueError, IndexError):  # of different lengths, or with a long argument
        return pack(commands)


_COLUMNS_FROM = 16
_SIZES = [f"\r\n${size}\r\n" for size in range(4096)]


def _by_columns(names: Sequence[str], columns: Sequence[Sequence[str]]) -> str:
    count, step = len(names), 2 * len(columns) + 1
    heads = {name: f"\r\n*{len(columns) + 1}\r\n${len(name)}\r\n{name}" for name in set(names)}
    # The line's end of each argument is written before the next one, and so one is too many.
    pieces = [""] * (step * count)
    pieces[::step] = map(heads.__getitem__, names)
    for place, column in enumerate(columns):
        pieces[2 * place + 1 :: step] = map(_SIZES.__getitem__, map(len, column))
        pieces[2 * place + 2 :: step] = column
    pieces[0] = pieces[0].removeprefix("\r\n")
    pieces.append("\r\n")
    return "".join(pieces)
