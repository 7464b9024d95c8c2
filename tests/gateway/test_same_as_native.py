"""Random commands through both doors answer byte for byte what a native connection answers.

A path holds any bytes, JSON any text, and a reply in either case whatever is stored.
"""

import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.resp import Command
from redisgate.lib.resp import pack
from tests.gateway.doors import Door, door, port
from tests.gateway.forms import path_of
from tests.gateway.parts import Server
from tests.gateway.raw_http import Wire

__all__ = ["door", "port"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

Arguments = st.SearchStrategy[bytes]

RESP2 = "Upstash-Response-Format: resp2"
EXAMPLES = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=15).map(str.encode)
KEYS = st.sampled_from([b"a", b"b", "ключ\r\n".encode(), b""])
VALUES = st.one_of(
    st.sampled_from([b"OK", b"", b"1", b"-2", b"0.5", b"+OK\r\n", b"$-1\r\n", b"\x00"]), TEXTS
)
BYTES = st.one_of(VALUES, st.binary(max_size=30), st.just(b"\x00\xff"))
NUMBERS = st.sampled_from([b"0", b"1", b"-1", b"2", b"x"])
LUA = st.sampled_from(
    [b"return {1,{},{false,'a'}}", b"return {ok='FINE'}", b"return redis.error_reply('MY e')", b"("]
)


def written(form: tuple[bytes | Arguments, ...]) -> st.SearchStrategy[Command]:
    return st.tuples(*(st.just(p) if isinstance(p, bytes) else p for p in form)).map(list)


def commands_of(keys: Arguments, values: Arguments) -> st.SearchStrategy[Command]:
    forms: tuple[tuple[bytes | Arguments, ...], ...] = (
        (b"SET", keys, values),
        (b"SET", keys, values, b"GET"),
        (b"GET", keys),
        (b"MGET", keys, keys),
        (b"APPEND", keys, values),
        (b"INCRBY", keys, NUMBERS),
        (b"SETRANGE", keys, NUMBERS, values),
        (b"DEL", keys),
        (b"TYPE", keys),
        (b"RPUSH", keys, values, values),
        (b"LRANGE", keys, NUMBERS, NUMBERS),
        (b"LPOP", keys, NUMBERS),
        (b"HSET", keys, values, values),
        (b"HGETALL", keys),
        (b"ZADD", keys, NUMBERS, values),
        (b"ZRANGE", keys, b"0", b"-1", b"WITHSCORES"),
        (b"XADD", keys, b"1-1", values, values),
        (b"XRANGE", keys, b"-", b"+"),
        (b"EVAL", LUA, b"0"),
        (b"ECHO", values),
        (b"PING",),
        (b"GET",),
        (b"NOSUCH", values),
        (b"CONFIG", b"GET", b"dir"),
    )
    return st.one_of([written(form) for form in forms])


def stored() -> st.SearchStrategy[dict[bytes, bytes]]:
    """Give values that nobody could send as JSON."""
    return st.dictionaries(KEYS, BYTES, max_size=2)


def natively(server: Server, commands: list[Command]) -> bytes:
    """Send the commands over a connection of their own and read all that comes."""
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(server.socket_path)
        link.sendall(pack([[b"AUTH", b"rg_writer", b"writer-token"], *commands]))
        link.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: link.recv(65536), b""))
    return answer.removeprefix(b"+OK\r\n")


async def by_path(door: Door, wire: Wire, command: Command) -> bytes:
    return (await wire.exchange(door.head("GET", path_of(command), RESP2))).body


def start_over(server: Server, before: dict[bytes, bytes]) -> None:
    admin = server.admin()
    admin.flushall()
    for key, value in before.items():
        admin.set(key, value)


@EXAMPLES
@given(commands=st.lists(commands_of(KEYS, VALUES), min_size=1, max_size=20), before=stored())
async def test_a_pipeline_is_what_the_server_says(
    door: Door, server: Server, commands: list[Command], before: dict[bytes, bytes]
) -> None:
    start_over(server, before)
    expected = natively(server, commands)
    start_over(server, before)
    words = [[argument.decode() for argument in command] for command in commands]
    async with door.wire() as wire:
        answer = await wire.exchange(door.posted("/pipeline", words, RESP2))
    assert answer.body == expected


@EXAMPLES
@given(commands=st.lists(commands_of(st.one_of(KEYS, BYTES), BYTES), min_size=1, max_size=8))
async def test_paths_of_any_bytes_are_what_the_server_says(
    door: Door, server: Server, commands: list[Command]
) -> None:
    start_over(server, {})
    expected = natively(server, commands)
    start_over(server, {})
    async with door.wire() as wire:
        answers = [await by_path(door, wire, command) for command in commands]
    assert b"".join(answers) == expected
