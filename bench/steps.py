"""Where the microseconds of one command go: the pure steps of its way, each by itself."""

from collections.abc import Callable
from timeit import Timer

from gateway import core, parsing
from gateway.limits import Limits
from gateway.resp import Reply, reader

TIMES = 2_000
REPEATS = 20
COMMANDS = 100
LIMITS = Limits()

TOKEN = b"Bearer rg_" + b"x" * 250
SINGLE = b'["SET","foo","bar"]'
BATCH = b"[" + b",".join([SINGLE] * COMMANDS) + b"]"


def measure() -> dict[str, float]:
    """Return microseconds for each step; of several tries the quickest, which nothing disturbed."""
    return {name: _microseconds(step) for name, step in _steps().items()}


def _microseconds(step: Callable[[], object]) -> float:
    return min(Timer(step).repeat(REPEATS, TIMES)) / TIMES * 1e6


def _steps() -> dict[str, Callable[[], object]]:
    single, batch = _read(b"", SINGLE), _read(b"/pipeline", BATCH)
    replies: list[Reply] = [b"OK"] * COMMANDS
    return {
        "find the token": lambda: parsing.find_token(TOKEN, b""),
        "parse the body": lambda: _read(b"", SINGLE),
        "parse a path": lambda: _read(b"/set/foo/bar", b""),
        "policy and RESP of one": lambda: core.plain(single),
        "JSON of one reply": lambda: core.finish_plain(single, [b"OK"]),
        "parse the body, pipeline of 100": lambda: _read(b"/pipeline", BATCH),
        "policy and RESP of 100": lambda: core.plain(batch),
        "RESP of 100 replies": _reading(b"+OK\r\n" * COMMANDS),
        "JSON of 100 replies": lambda: core.finish_plain(batch, replies),
    }


def _read(rest: bytes, body: bytes) -> parsing.Request:
    return parsing.form_of("POST", rest, b"").read(body, LIMITS)


def _reading(wire: bytes) -> Callable[[], object]:
    replies = reader()

    def read() -> None:
        replies.feed(wire)
        for _ in range(COMMANDS):
            replies.gets()

    return read
