"""Random pipelines over the command API answer byte for byte what a native connection answers."""

import socket

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.parsing import Kind, Request
from gateway.resp import Command
from redisgate.lib.resp import pack
from tests.gateway.parts import Client, Server

KEYS = st.sampled_from([b"a", b"b", b"\xff\r\n", b""])
VALUES = st.one_of(
    st.sampled_from([b"OK", b"", b"1", b"-2", b"0.5", b"+OK\r\n", b"$-1\r\n", b"\x00\xff"]),
    st.binary(max_size=30),
)
NUMBERS = st.sampled_from([b"0", b"1", b"-1", b"2", b"x"])
LUA = st.sampled_from(
    [b"return {1,{},{false,'a'}}", b"return {ok='FINE'}", b"return redis.error_reply('MY e')", b"("]
)
FORMS: tuple[tuple[bytes | st.SearchStrategy[bytes], ...], ...] = (
    (b"SET", KEYS, VALUES),
    (b"SET", KEYS, VALUES, b"GET"),
    (b"GET", KEYS),
    (b"MGET", KEYS, KEYS),
    (b"APPEND", KEYS, VALUES),
    (b"INCRBY", KEYS, NUMBERS),
    (b"SETRANGE", KEYS, NUMBERS, VALUES),
    (b"DEL", KEYS),
    (b"TYPE", KEYS),
    (b"RPUSH", KEYS, VALUES, VALUES),
    (b"LRANGE", KEYS, NUMBERS, NUMBERS),
    (b"LPOP", KEYS, NUMBERS),
    (b"HSET", KEYS, VALUES, VALUES),
    (b"HGETALL", KEYS),
    (b"ZADD", KEYS, NUMBERS, VALUES),
    (b"ZRANGE", KEYS, b"0", b"-1", b"WITHSCORES"),
    (b"XADD", KEYS, b"1-1", VALUES, VALUES),
    (b"XRANGE", KEYS, b"-", b"+"),
    (b"EVAL", LUA, b"0"),
    (b"ECHO", VALUES),
    (b"PING",),
    (b"GET",),
    (b"NOSUCH", VALUES),
    (b"CONFIG", b"GET", b"dir"),
)


def written(form: tuple[bytes | st.SearchStrategy[bytes], ...]) -> st.SearchStrategy[Command]:
    return st.tuples(*(st.just(p) if isinstance(p, bytes) else p for p in form)).map(list)


COMMANDS = st.one_of([written(form) for form in FORMS])


def natively(server: Server, commands: list[Command]) -> bytes:
    """Send the commands over a connection of their own and read all that comes."""
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(server.socket_path)
        link.sendall(pack([[b"AUTH", b"rg_writer", b"writer-token"], *commands]))
        link.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: link.recv(65536), b""))
    return answer.removeprefix(b"+OK\r\n")


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(commands=st.lists(COMMANDS, min_size=1, max_size=20))
async def test_a_pipeline_is_what_the_server_says(
    client: Client, server: Server, commands: list[Command]
) -> None:
    server.tell("FLUSHALL")
    expected = natively(server, commands)
    server.tell("FLUSHALL")
    response = await client.run(Request(Kind.PIPELINE, commands, is_resp2=True))
    assert response.body == expected
