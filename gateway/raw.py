"""Replies as the server sent them, for clients that read the Redis protocol themselves. Pure.

hiredis gives values, and values don't say whether ``OK`` came as a status or as a string. So
connections for such clients have a reader of their own that only finds where each reply ends.
"""

from typing import cast

import hiredis

from gateway.resp import NOT_YET, ErrorReply, Reply, reader, unreadable
from redisgate.lib.units import MEGABYTE

LINE_BYTES_MAX = MEGABYTE
"""How long a status or an error may be; strings have no such bound."""
ERROR, STATUS, INTEGER, STRING, ARRAY = b"-+:$*"
LENGTHS = frozenset((STRING, ARRAY))
TYPES = frozenset((ERROR, STATUS, INTEGER)) | LENGTHS


class Raw(bytes):
    """One whole reply in the bytes of the protocol; never an error."""

    __slots__ = ()


class RawError(ErrorReply):
    """An error that is still known byte for byte, whatever its encoding."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        super().__init__(raw[1:-2].decode("utf-8", "replace"))
        self.raw = raw


class RawReader:
    """Cut a stream into replies: ``feed`` and ``gets`` as hiredis.Reader has them.

    What was looked at once is not looked at again when more comes, however large a reply is.
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._place = 0
        self._missing = 1
        """How many elements the reply lacks, its nested ones included as far as known."""

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def gets(self) -> object:
        """Give the next reply, or NOT_YET. Raises hiredis.ProtocolError on anything else."""
        while self._missing:
            if not self._skip_element():
                return NOT_YET
        reply = bytes(self._buffer[: self._place])
        del self._buffer[: self._place]
        self._place, self._missing = 0, 1
        return RawError(reply) if reply[0] == ERROR else Raw(reply)

    def _skip_element(self) -> bool:
        """Step over one element or the head of an array, unless it isn't all there."""
        buffer, start = self._buffer, self._place
        end = buffer.find(b"\r\n", start)
        if end < 0:
            if len(buffer) - start > LINE_BYTES_MAX:
                raise hiredis.ProtocolError("a line without an end")
            return False
        kind = buffer[start] if end > start else 0
        if kind not in TYPES:
            raise hiredis.ProtocolError("an unknown type of reply")
        after = end + 2
        if kind in LENGTHS:
            length = _length(bytes(buffer[start + 1 : end]))
            if kind == ARRAY:
                self._missing += max(length, 0)
            elif length >= 0:
                after += length + 2
                if len(buffer) < after:
                    return False
                if buffer[after - 2 : after] != b"\r\n":
                    raise hiredis.ProtocolError("a string of another length")
        self._missing -= 1
        self._place = after
        return True


def _length(digits: bytes) -> int:
    if digits == b"-1":
        return -1
    if not digits.isdigit() or len(digits) > 12:
        raise hiredis.ProtocolError("a length that is no number")
    return int(digits)


def parsed(reply: Reply) -> Reply:
    """Give the value of a reply that may still be raw."""
    if type(reply) is not Raw:
        return reply
    values = reader()
    try:
        values.feed(reply)
        return cast("Reply", values.gets())
    except hiredis.ProtocolError as error:
        raise unreadable(error) from error


def encode(replies: list[Reply]) -> bytes:
    """Write replies one after another; those that are still raw stay as they are."""
    pieces: list[bytes] = []
    for reply in replies:
        _write(reply, pieces)
    return b"".join(pieces)


def _write(reply: Reply, pieces: list[bytes]) -> None:
    if type(reply) is Raw:
        pieces.append(reply)
    elif isinstance(reply, bytes):
        pieces.append(b"$%d\r\n%b\r\n" % (len(reply), reply))
    elif isinstance(reply, RawError):
        pieces.append(reply.raw)
    elif isinstance(reply, ErrorReply):
        # The protocol ends an error with its line.
        words = reply.text.replace("\r", " ").replace("\n", " ")
        pieces.append(b"-%b\r\n" % words.encode("utf-8", "replace"))
    elif isinstance(reply, list):
        pieces.append(b"*%d\r\n" % len(reply))
        for item in reply:
            _write(item, pieces)
    else:
        pieces.append(b"$-1\r\n" if reply is None else b":%d\r\n" % reply)
