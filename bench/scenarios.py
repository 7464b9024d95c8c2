"""What is measured, as data."""

from dataclasses import dataclass
from enum import Enum

REDISGATE = "redisgate"
DRF_DOOR = "redisgate, DRF door"
WEBDIS = "webdis"
DO_NOTHING = "do-nothing ASGI"
STRAIGHT = "redis-benchmark"
BARE = "bare client"

MANY = 200
KEYS = 1000
MANY_KEYS = 10_000
"""More than any worker remembers."""


class Form(Enum):
    """How commands are put into a request."""

    BODY = "body"
    PATH = "path"
    BATCH = "batch"


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """One load, and who is put under it.

    ``commands`` are those of one request in form BATCH. Where the command's key is a pattern,
    each request takes one of the ``keys`` and one of the ``instances`` at random.
    """

    name: str
    group: str
    command: tuple[str, ...]
    contenders: tuple[str, ...]
    form: Form = Form.BODY
    commands: int = 1
    connections: int = 64
    instances: int = 1
    keys: int = 1
    is_head_changing: bool = False
    prepare: tuple[str, ...] = ()
    """A command that makes the data."""
    expects: str = "OK"
    """What a good answer holds."""

    @property
    def is_random(self) -> bool:
        return "%04d" in self.command[1]

    def spelled_out(self) -> list[tuple[str, ...]]:
        """Give the command, or one for each key when it has many."""
        if not self.is_random:
            return [self.command]
        name, key, *rest = self.command
        return [(name, key % number, *rest) for number in range(self.keys)]


SET = ("SET", "foo", "bar")
GET = ("GET", "foo")
SPREAD_SET = ("SET", "key:%04d", "bar")
KILOBYTE = "x" * 1024
LARGE = "x" * 100 * 1024

ALL = (REDISGATE, DRF_DOOR, WEBDIS, DO_NOTHING)
PEERS = (REDISGATE, WEBDIS)
BATCH = (REDISGATE, STRAIGHT)
SPREAD = (REDISGATE, BARE)

SET_64, SET_1 = "SET, 64 connections", "SET, 1 connection"
BATCH_100 = "pipeline of 100"
ONE_INSTANCE = "SET, 1 instance x 1 key"
MANY_INSTANCES = f"SET, {MANY} instances x {KEYS:,} keys"


def _values(name: str, value: str) -> tuple[Scenario, Scenario]:
    key = f"foo:{name}"
    put = ("SET", key, value)
    return (
        Scenario(name=f"SET of {name}", group="values", command=put, contenders=PEERS),
        Scenario(
            name=f"GET of {name}", group="values", command=("GET", key), contenders=PEERS,
            prepare=put, expects=value,
        ),
    )  # fmt: skip


def _batch(commands: int, contenders: tuple[str, ...]) -> Scenario:
    return Scenario(
        name=f"pipeline of {commands:,}", group="pipeline", command=SET, form=Form.BATCH,
        commands=commands, contenders=contenders,
    )  # fmt: skip


SCENARIOS = (
    Scenario(name=SET_64, group="single", command=SET, contenders=ALL),
    Scenario(name=SET_1, group="single", command=SET, contenders=ALL, connections=1),
    Scenario(
        name="GET, 64 connections", group="single", command=GET, contenders=PEERS,
        prepare=SET, expects="bar",
    ),
    Scenario(
        name="GET, 1 connection", group="single", command=GET, contenders=PEERS,
        connections=1, prepare=SET, expects="bar",
    ),
    Scenario(
        name=f"SET, {MANY_KEYS:,} keys at random", group="keys", command=SPREAD_SET,
        contenders=PEERS, keys=MANY_KEYS,
    ),
    Scenario(
        name="GET /set/foo/bar", group="path", command=SET, contenders=PEERS, form=Form.PATH
    ),
    _batch(10, BATCH),
    _batch(100, (REDISGATE, DRF_DOOR, STRAIGHT)),
    _batch(1000, BATCH),
    *_values("1 KB", KILOBYTE),
    *_values("100 KB", LARGE),
    Scenario(
        name="changing heads, 64 connections", group="heads", command=SET,
        contenders=(*PEERS, DO_NOTHING), is_head_changing=True,
    ),
    Scenario(
        name="changing heads, 1 connection", group="heads", command=SET,
        contenders=(*PEERS, DO_NOTHING), connections=1, is_head_changing=True,
    ),
    Scenario(
        name=ONE_INSTANCE, group="many", command=SPREAD_SET, contenders=SPREAD, keys=1
    ),
    Scenario(
        name=MANY_INSTANCES, group="many", command=SPREAD_SET, contenders=SPREAD,
        instances=MANY, keys=KEYS,
    ),
)  # fmt: skip

GROUPS = tuple(dict.fromkeys(scenario.group for scenario in SCENARIOS))


def chosen(groups: frozenset[str]) -> tuple[Scenario, ...]:
    return tuple(scenario for scenario in SCENARIOS if scenario.group in groups)
