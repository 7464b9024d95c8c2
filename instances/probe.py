"""Connect to an instance the way a client does, and say how it went.

The steps of a client share one deadline: find the address, connect, agree on TLS where the
server has it, authenticate, PING. The first that fails ends the probe, and its cause is put into
words that name what to do.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from instances.acl import TEST_CLIENT
from instances.probe_words import Refused, advice_for, cause_of
from redisgate.lib.resp import pack

DEADLINE_SECONDS = 2.0
MAX_LINE_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """Where to connect. ``ca_file`` is for certificates that nobody else would trust."""

    host: str
    port: int
    password: str = field(repr=False)
    is_tls: bool = False
    ca_file: Path | None = None

    @property
    def where(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_name(self) -> bool:
        try:
            ipaddress.ip_address(self.host)
        except ValueError:
            return True
        return False


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was tried; ``problem`` and ``advice`` are empty when it went well."""

    name: str
    milliseconds: float
    problem: str = ""
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    steps: tuple[Step, ...]

    @property
    def problem(self) -> str:
        return self.steps[-1].problem

    @property
    def advice(self) -> str:
        return self.steps[-1].advice

    @property
    def milliseconds(self) -> float:
        """The round trip of the last step, which is the latency a client sees."""
        return self.steps[-1].milliseconds


def probe(aim: Aim, *, deadline_seconds: float = DEADLINE_SECONDS) -> Probe:
    """Connect, authenticate as ``default`` and PING; never raises, blocks 2 s at most.

    Only the look-up of a name may take longer: its deadline is the system's.
    """
    steps: list[Step] = []
    with ExitStack() as closing:
        for name, act in _Walk(aim, deadline_seconds, closing).steps():
            steps.append(_timed(name, act, aim, deadline_seconds))
            if steps[-1].problem:
                break
    return Probe(tuple(steps))


def _timed(name: str, act: Callable[[], None], aim: Aim, deadline_seconds: float) -> Step:
    started = time.perf_counter()
    problem = advice = ""
    try:
        act()
    except (OSError, Refused) as error:
        problem = cause_of(error, aim.where, deadline_seconds)
        advice = advice_for(error)
    return Step(name, (time.perf_counter() - started) * 1000, problem, advice)


class _Walk:
    """One client on its way; each step uses what the one before it has found."""

    def __init__(self, aim: Aim, deadline_seconds: float, closing: ExitStack) -> None:
        self._aim = aim
        self._closing = closing
        self._deadline_seconds = deadline_seconds
        self._ends_at = time.monotonic() + deadline_seconds
        self._address = aim.host
        self._received = b""

    def steps(self) -> Iterator[tuple[str, Callable[[], None]]]:
        if self._aim.is_name:
            yield "Find the address", self._resolve
        yield "Connect", self._dial
        if self._aim.is_tls:
            yield "TLS", self._agree_on_tls
        yield "Authenticate", lambda: self._ask("AUTH", "default", self._aim.password, hoped="+OK")
        yield "PING", self._ping

    def _resolve(self) -> None:
        found = socket.getaddrinfo(self._aim.host, self._aim.port, type=socket.SOCK_STREAM)
        self._address = str(found[0][4][0])
        self._ends_at = time.monotonic() + self._deadline_seconds

    def _dial(self) -> None:
        address = self._address, self._aim.port
        self._link = self._closing.enter_context(
            socket.create_connection(address, timeout=self._left())
        )

    def _agree_on_tls(self) -> None:
        context = ssl.create_default_context(cafile=self._aim.ca_file)
        self._link.settimeout(self._left())
        self._link = self._closing.enter_context(
            context.wrap_socket(self._link, server_hostname=self._aim.host)
        )

    def _ping(self) -> None:
        # Whoever watches for a first connection knows us by the name; a server may refuse it.
        self._send(("CLIENT", "SETNAME", TEST_CLIENT), ("PING",))
        self._read_line()
        self._hope_for("+PONG")

    def _ask(self, *words: str, hoped: str) -> None:
        self._send(words)
        self._hope_for(hoped)

    def _send(self, *commands: tuple[str, ...]) -> None:
        self._link.settimeout(self._left())
        self._link.sendall(pack(commands))

    def _hope_for(self, hoped: str) -> None:
        line = self._read_line()
        if line != hoped:
            raise Refused(line.removeprefix("-"))

    def _read_line(self) -> str:
        while b"\r\n" not in self._received and len(self._received) < MAX_LINE_BYTES:
            self._link.settimeout(self._left())
            chunk = self._link.recv(MAX_LINE_BYTES)
            if not chunk:
                raise ConnectionResetError
            self._received += chunk
        line, _, self._received = self._received.partition(b"\r\n")
        return line.decode(errors="replace")

    def _left(self) -> float:
        return max(self._ends_at - time.monotonic(), 0.001)
