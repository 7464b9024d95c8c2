"""Replies look byte for byte as redis-cli prints them."""

import asyncio

import pytest

from console.link import Link, Server
from console.outputs import rest
from console.printing import printed
from console.reading import Bounds
from console.replies import Reply
from instances import acl
from tests.console.servers import RealServer

SETUP = [
    ("RPUSH", "list", *map(str, range(12))),
    ("SADD", "set", "a"),
    ("HSET", "hash", "a", "1", "b\n", "2"),
    ("ZADD", "zset", "1.5", "a", "inf", "b"),
    ("XADD", "stream", "1-1", "field", "value"),
    ("SET", "number", "7"),
]
COMMANDS: list[list[str | bytes]] = [
    ["PING"],
    ["INCR", "number"],
    ["GET", "none"],
    ["GET", "list"],
    ["NOPE", "a"],
    ["ECHO", b"a\x01\xff\"\\\n\r\t\a\b'\xc3\xa9"],
    ["ECHO", ""],
    ["LRANGE", "list", "0", "-1"],
    ["LRANGE", "none", "0", "-1"],
    ["LPOP", "none", "3"],
    ["SMEMBERS", "set"],
    ["SMEMBERS", "none"],
    ["HGETALL", "hash"],
    ["HGETALL", "none"],
    ["ZRANGE", "zset", "0", "-1", "WITHSCORES"],
    ["ZSCORE", "zset", "b"],
    ["XREAD", "STREAMS", "stream", "0"],
    ["XINFO", "STREAM", "stream", "FULL"],
    ["CONFIG", "GET", "max*"],
    ["COMMAND", "INFO", "get", "nope"],
    ["COMMAND", "DOCS", "set"],
    ["GEOPOS", "none", "a"],
    ["EVAL", "return {1,{2,{'x',{}}},false,{err='ERR x'},{ok='fine'},{{{3}}}}", "0"],
    ["EVAL", "return {}", "0"],
]
SCRIPTS = [
    "{map={a={1,2}}}",
    "{map={a={1}}}",
    "{map={a={map={b=1}}}}",
    "{map={a={map={b=1,c=2}}}}",
    "{map={a={set={b=true}}}}",
    "{map={a={}}}",
    "{map={}}",
    "{set={}}",
    "{double=3.0}",
    "{double=1/0}",
    "{double=-0.1}",
    "{verbatim_string={format='txt',string='a\\nb\\n'}}",
    "true",
    "false",
    "nil",
    "{{map={a={1,2}}},{set={x=true}},{double=2.5}}",
]


@pytest.fixture
def filled(server: RealServer) -> RealServer:
    for command in SETUP:
        server.tell(*command)
    return server


def ask(server: RealServer, words: list[str | bytes], bounds: Bounds, protocol: int) -> Reply:
    """Ask over a link of the console's own, as the admin."""
    user = Server(server.endpoint, acl.ADMIN_USER, server.instance.admin_password)

    async def talk() -> Reply:
        link = await Link.dial(user, protocol=protocol)
        try:
            return await link.ask(words, bounds)
        finally:
            link.close()

    return asyncio.run(talk())


@pytest.mark.parametrize("protocol", [2, 3])
def test_every_kind_of_reply(filled: RealServer, protocol: int) -> None:
    scripts: list[list[str | bytes]] = [
        ["EVAL", f"redis.setresp(3) return {script}", "0"] for script in SCRIPTS
    ]
    for words in COMMANDS + scripts:
        reply = ask(filled, words, Bounds(), protocol)
        if words[0] == "INCR":
            filled.tell("DECR", "number")
        theirs = filled.redis_cli(words, resp3=protocol == 3)
        assert printed(reply).encode() + b"\n" == theirs, words


def test_reply_above_the_bounds_is_cut_and_says_so(filled: RealServer) -> None:
    reply = ask(filled, ["LRANGE", "list", "0", "-1"], Bounds(elements=5), 2)
    assert printed(reply).splitlines() == [f'{n + 1:>2}) "{n}"' for n in range(5)]
    assert rest(reply) == "7 elements more were not read."


def test_string_above_the_bounds_is_cut_and_says_so(filled: RealServer) -> None:
    filled.tell("SET", "big", "x" * 1000)
    reply = ask(filled, ["GET", "big"], Bounds(bytes=10), 2)
    assert printed(reply) == '"xxxxxxxxxx"'
    assert rest(reply) == "990 bytes more were not read."


def test_bounds_hold_for_all_of_a_nested_reply(filled: RealServer) -> None:
    script = "local r = {} for i = 1, 50 do r[i] = {1, 2, 3} end return r"
    reply = ask(filled, ["EVAL", script, "0"], Bounds(elements=10), 2)
    assert printed(reply).count("(integer)") < 10
    assert rest(reply)


def test_bounds_hold_for_statuses_too(filled: RealServer) -> None:
    script = "local r = {} for i = 1, 50 do r[i] = {ok=string.rep('x', 100)} end return r"
    reply = ask(filled, ["EVAL", script, "0"], Bounds(bytes=1000), 2)
    assert len(printed(reply).splitlines()) == 10
    assert rest(reply) == "40 elements more were not read."


def test_deeply_nested_reply_is_cut(filled: RealServer) -> None:
    script = "local r = {} for i = 1, 90 do r = {r} end return r"
    assert rest(ask(filled, ["EVAL", script, "0"], Bounds(), 2)) == "1 element more were not read."


def test_whole_reply_says_nothing_of_a_rest(filled: RealServer) -> None:
    assert rest(ask(filled, ["LRANGE", "list", "0", "-1"], Bounds(), 2)) == ""
