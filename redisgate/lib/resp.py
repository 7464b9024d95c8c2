"""Commands as a Redis server reads them."""

from collections.abc import Callable, Iterable, Sequence

import hiredis

# hiredis is annotated as taking a 1-tuple, but it takes one of any length.
_pack: Callable[[tuple[bytes | str, ...]], bytes] = hiredis.pack_command  # type: ignore[assignment]


def pack(commands: Iterable[Sequence[bytes | str]]) -> bytes:
    """Write commands one after another, ready for the wire."""
    return b"".join([_pack(tuple(command)) for command in commands])


def pack_one(command: Sequence[bytes | str]) -> bytes:
    """Write one command, ready for the wire."""
    return _pack(tuple(command))
