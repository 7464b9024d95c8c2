"""Where the microseconds of one command go: the pure steps of its way, each by itself."""

from collections.abc import Callable
from timeit import Timer

from gateway import core, parsing
from gateway.dialect_scripts import Scripts
from gateway.limits import Limits
from gateway.resp import Reply, reader

TIMES = 2_000
REPEATS = 20
COMMANDS = 100
LIMITS = Limits()
SCRIPTS = Scripts(bytearray(Scripts.SIZE_BYTES))

TOKEN = b"Bearer rg_" + b"x" * 250
SINGLE = b'["SET","foo","bar"]'
BATCH = b"[" + b",".join([SINGLE] * COMMANDS) + b"]"


def measure() -> dict[str, float]:
    """Return microseconds for each step; of several tries the quickest, which nothing disturbed."""
    return {name: _microseconds(step) for name, step in _steps().items()}


def _microseconds(step: Callable[[], object]) -> float:
    return min(Timer(step).repeat(REPEATS, TIMES)) / TIMES * 1e6


def _steps() -> dict[str, Callable[[], object]]:
    single = parsing.parse("POST", b"", b"", SINGLE, LIMITS)
    batch = parsing.parse("POST", b"/pipeline", b"", BATCH, LIMITS)
    return {
        "find the token": lambda: parsing.find_token(TOKEN, b""),
        "parse the body": lambda: parsing.parse("POST", b"", b"", SINGLE, LIMITS),
        "parse a path": lambda: parsing.parse("GET", b"/set/foo/bar", b"", b"", LIMITS),
        "policy and RESP of one": lambda: core.prepare(single, SCRIPTS),
        "JSON of one reply": _finishing(single, [b"OK"]),
        "parse the body, pipeline of 100": lambda: parsing.parse(
            "POST", b"/pipeline", b"", BATCH, LIMITS
        ),
        "policy and RESP of 100": lambda: core.prepare(batch, SCRIPTS),
        "RESP of 100 replies": _reading(b"+OK\r\n" * COMMANDS),
        "JSON of 100 replies": _finishing(batch, [b"OK"] * COMMANDS),
    }


def _finishing(request: parsing.Request, replies: list[Reply]) -> Callable[[], object]:
    prepared = core.prepare(request, SCRIPTS)
    return lambda: core.finish(prepared, replies)


def _reading(wire: bytes) -> Callable[[], object]:
    replies = reader()

    def read() -> None:
        replies.feed(wire)
        for _ in range(COMMANDS):
            replies.gets()

    return read
