"""Single commands that were read and packed before, found again by the body that said them. Pure.

Hot keys are asked for with the same bytes again and again, and reading and packing these costs as
much as a third of all the Python on a command's way.
"""

from orjson import JSONDecodeError, loads

from gateway.policy import ORDINARY, is_ordinary_text
from redisgate.lib.resp import pack_one

Packed = tuple[str, bytes]
"""A command's name as it was spelled, and the command as the server takes it."""


class KnownBodies:
    """Remember short ones; what was used lately survives in the elder half."""

    def __init__(self, size: int = 1024, bytes_max: int = 256) -> None:
        self._size = size
        self._bytes_max = bytes_max
        self.young: dict[bytes, Packed] = {}
        """Look here first: it is worth sparing a call."""
        self._elder: dict[bytes, Packed] = {}

    def find_or_read(self, body: bytes) -> Packed | None:
        """Give the one ordinary command that a body holds, or None where it is anything else."""
        packed = self._elder.get(body)
        if packed is None:
            packed = _read(body)
        if packed is not None and len(body) <= self._bytes_max:
            self._keep(body, packed)
        return packed

    def _keep(self, body: bytes, packed: Packed) -> None:
        if len(self.young) >= self._size:
            # The same dictionary goes on as the young half, because others hold it.
            self._elder = self.young.copy()
            self.young.clear()
        self.young[body] = packed


def _read(body: bytes) -> Packed | None:
    try:
        words = loads(body)
        "".join(words)  # the quickest way to find out whether all of them are strings
    except (JSONDecodeError, TypeError):
        return None
    if type(words) is not list or not words:
        return None
    name: str = words[0]
    if name not in ORDINARY and not is_ordinary_text(name):
        return None
    return name, pack_one(tuple(words))
