"""Connect to an instance the way a client does, and say how it went.

The three steps of a client, TCP, AUTH and PING, share one deadline. The first that fails ends
the probe, and its cause is put into words that name what to do.
"""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from redisgate.lib.resp import pack

DEADLINE_SECONDS = 2.0
MAX_LINE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Step:
    """One step that was tried; ``problem`` is empty when it went well."""

    name: str
    milliseconds: float
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    steps: tuple[Step, ...]

    @property
    def problem(self) -> str:
        return self.steps[-1].problem

    @property
    def milliseconds(self) -> float:
        """The round trip of the last step, which is the latency a client sees."""
        return self.steps[-1].milliseconds


class _Refused(Exception):
    """The server answered, but not what we hoped for."""


def probe(
    host: str, port: int, *, password: str, deadline_seconds: float = DEADLINE_SECONDS
) -> Probe:
    """Connect, authenticate as ``default`` and PING; never raises, blocks 2 s at most."""
    steps: list[Step] = []
    ends_at = time.monotonic() + deadline_seconds
    link: socket.socket | None = None

    def dial() -> None:
        nonlocal link
        link = socket.create_connection((host, port), timeout=deadline_seconds)

    def ask(*words: str, hoped: bytes) -> None:
        assert link is not None
        _ask(link, words, hoped, ends_at)

    wanted: tuple[tuple[str, Callable[[], None]], ...] = (
        ("Connect", dial),
        ("Authenticate", lambda: ask("AUTH", "default", password, hoped=b"+OK")),
        ("PING", lambda: ask("PING", hoped=b"+PONG")),
    )
    try:
        for name, step in wanted:
            steps.append(_timed(name, step, f"{host}:{port}", deadline_seconds))
            if steps[-1].problem:
                break
    finally:
        if link is not None:
            link.close()
    return Probe(tuple(steps))


def _timed(name: str, step: Callable[[], None], where: str, deadline_seconds: float) -> Step:
    started = time.perf_counter()
    try:
        step()
        problem = ""
    except (OSError, _Refused) as error:
        problem = _words(error, where, deadline_seconds)
    return Step(name, (time.perf_counter() - started) * 1000, problem)


def _ask(link: socket.socket, words: tuple[str, ...], hoped: bytes, ends_at: float) -> None:
    link.settimeout(max(ends_at - time.monotonic(), 0.001))
    link.sendall(pack([words]))
    line = _read_line(link, ends_at)
    if line != hoped:
        raise _Refused(line.removeprefix(b"-").decode(errors="replace"))


def _read_line(link: socket.socket, ends_at: float) -> bytes:
    received = b""
    while b"\r\n" not in received and len(received) < MAX_LINE_BYTES:
        link.settimeout(max(ends_at - time.monotonic(), 0.001))
        chunk = link.recv(MAX_LINE_BYTES)
        if not chunk:
            raise ConnectionResetError
        received += chunk
    return received.split(b"\r\n", 1)[0]


def _words(error: OSError | _Refused, where: str, deadline_seconds: float) -> str:
    if isinstance(error, _Refused):
        return f"The server answered: {error}"
    if isinstance(error, TimeoutError):
        return f"Nothing answered at {where} within {deadline_seconds:g} s."
    if isinstance(error, ConnectionRefusedError):
        return f"Nothing listens at {where}. The server is not running there right now."
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return f"The server at {where} closed the connection."
    if isinstance(error, socket.gaierror):
        return f"The name of the host in {where} can't be resolved."
    return f"{where} can't be reached: {error.strerror or error}."
