"""A short conversation with one server, as ``rg-admin`` over its unix socket where it is ours."""

import socket
import time
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self, Union

import hiredis

from instances.acl import ADMIN_USER
from instances.provisioners import own_traffic
from redisgate.lib.resp import pack
from redisgate.lib.units import MEGABYTE

LARGEST_ANSWERS_BYTES = 64 * MEGABYTE
"""More than any server has to say in one conversation, unless it means harm."""
LONGEST_REFUSAL = 500

Reply = Union[str, int, None, list["Reply"], "ServerError"]


class Unreachable(Exception):
    """Nobody answers: the connection broke or the deadline passed."""


class NotListening(Unreachable):
    """The socket is missing or refuses: the server isn't up yet, or is gone."""


class ServerError(Exception):
    """The server's own refusal, such as ``LOADING …`` or ``BUSY …``.

    It ends in rows and on pages, and a server of somebody else may say anything: no row holds NUL.
    """

    def __init__(self, said: str) -> None:
        super().__init__(said[:LONGEST_REFUSAL].replace("\0", "\N{REPLACEMENT CHARACTER}"))


class ServerConnection(ABC):
    """Connected on the way in, closed on the way out, bounded by one deadline in all.

    Raises NotListening or Unreachable when the server can't be spoken to.
    """

    def __init__(self, address: str, *, timeout_seconds: float) -> None:
        """``address`` tells servers apart."""
        self._deadline = time.monotonic() + timeout_seconds
        self._reader = hiredis.Reader(
            encoding="utf-8", errors="replace", replyError=ServerError, protocolError=Unreachable
        )
        self._socket: socket.socket
        self._tally = own_traffic.with_server(address)
        self.cost = own_traffic.Cost()

    def __enter__(self) -> Self:
        self._tally.begin()
        try:
            self._socket = self._dial()
        except Unreachable:
            self._tally.end(self.cost)
            raise
        return self

    @abstractmethod
    def _dial(self) -> socket.socket:
        """Connect. Raises NotListening or Unreachable."""

    @property
    @abstractmethod
    def credentials(self) -> tuple[str, ...]:
        """The command that logs in, for those who send it along with others."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._close()

    def log_in(self) -> None:
        """Authenticate; raise ServerError where the server knows another password."""
        self.call(*self.credentials)

    def call(self, *command: str) -> Reply:
        """Send one command; the server's error becomes a ServerError."""
        (reply,) = self.pipeline(command)
        if isinstance(reply, ServerError):
            raise reply
        return reply

    def info(self, section: str) -> dict[str, str]:
        """Read one section of INFO."""
        text = str(self.call("INFO", section))
        return dict(line.split(":", 1) for line in text.splitlines() if ":" in line)

    def pipeline(self, *commands: tuple[str, ...]) -> list[Reply]:
        """Send the commands in one write and return a reply for each, errors among them."""
        try:
            self._arm()
            payload = pack(commands)
            self._socket.sendall(payload)
            self.cost.bytes_in += len(payload)
            return [self._reply_to(command) for command in commands]
        except OSError as error:
            raise Unreachable(str(error) or "no answer") from error

    def _reply_to(self, command: tuple[str, ...]) -> Reply:
        self.cost.sent(command)
        reply = self._reply()
        if isinstance(reply, ServerError):
            self.cost.refused(command, str(reply))
        return reply

    def _reply(self) -> Reply:
        while (reply := self._reader.gets()) is False:
            self._arm()
            data = self._socket.recv(65536)
            if not data:
                raise Unreachable("the server closed the connection")
            self.cost.bytes_out += len(data)
            if self.cost.bytes_out > LARGEST_ANSWERS_BYTES:
                raise Unreachable("the server says more than can be read")
            self._reader.feed(data)
        answer: Reply = reply
        return answer

    def _close(self) -> None:
        self._socket.close()
        self._tally.end(self.cost)

    def _arm(self) -> None:
        self._socket.settimeout(self._left())

    def _left(self) -> float:
        """Give the seconds until the deadline. Raises Unreachable where it has passed."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise Unreachable("no answer in time")
        return left


class AdminConnection(ServerConnection):
    """A conversation with a server of this machine."""

    def __init__(self, socket_path: Path, password: str, *, timeout_seconds: float) -> None:
        super().__init__(str(socket_path), timeout_seconds=timeout_seconds)
        self._path = socket_path
        self._password = password

    @property
    def credentials(self) -> tuple[str, ...]:
        return ("AUTH", ADMIN_USER, self._password)

    def _dial(self) -> socket.socket:
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            link.settimeout(self._left())
            link.connect(str(self._path))
        except (FileNotFoundError, ConnectionRefusedError) as error:
            link.close()
            raise NotListening(str(error)) from error
        except (OSError, Unreachable) as error:
            link.close()
            raise Unreachable(str(error)) from error
        return link


def words(reply: Reply) -> list[str]:
    """Read a reply that is a flat list of strings."""
    if not isinstance(reply, list):
        raise Unreachable(f"a list was expected, not {reply!r}")
    return [str(item) for item in reply]
