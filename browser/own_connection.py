"""A connection that notes what it costs the server, because looking isn't people's traffic."""

from typing import Any

from browser.bounded_socket import BoundedConnection, BoundedUnixConnection
from instances.provisioners.own_traffic import Cost


class _Socket:
    """A socket that counts what comes."""

    def __init__(self, socket: Any, cost: Cost) -> None:
        self._socket = socket
        self._cost = cost

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    def recv_into(self, buffer: bytearray) -> int:
        size: int = self._socket.recv_into(buffer)
        self._cost.bytes_out += size
        return size


class _Packer:
    """Packs commands, and counts them."""

    def __init__(self, packer: Any, cost: Cost) -> None:
        self._packer = packer
        self._cost = cost

    def pack(self, *words: bytes | str | int) -> Any:
        packed = self._packer.pack(*words)
        self._cost.bytes_in += sum(map(len, packed))
        self._cost.sent([_text(each) for each in words[:2]])
        return packed


def _text(word: bytes | str | int) -> str:
    return word.decode(errors="replace") if isinstance(word, bytes) else str(word)


class _Counted:
    """What both kinds of connections add."""

    def __init__(self, *, cost: Cost, **options: Any) -> None:
        self._cost = cost
        super().__init__(**options)

    def _construct_command_packer(self, packer: Any) -> _Packer:
        made = super()._construct_command_packer(packer)  # type: ignore[misc]
        return _Packer(made, self._cost)

    def _connect(self) -> Any:
        return _Socket(super()._connect(), self._cost)  # type: ignore[misc]


class OverSocket(_Counted, BoundedUnixConnection):
    """A counted connection over a unix socket."""


class OverTcp(_Counted, BoundedConnection):
    """A counted connection over TCP."""
