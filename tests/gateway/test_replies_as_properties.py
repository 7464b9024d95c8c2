"""Whatever a program sends as JSON, what comes back is what the server said to a native client.

The doors are both asked; encoding alone needs none.
"""

import socket
from base64 import b64decode
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway import encoding
from gateway.resp import NOT_YET, ErrorReply, Reply, reader
from redisgate.lib.resp import pack
from tests.gateway.doors import Door, door, port
from tests.gateway.parts import Server

__all__ = ["door", "port"]

BASE64 = ("Upstash-Encoding: base64",)
WATCHED = (*BASE64, "X-Watch-Keys: a,b")

BYTES = st.one_of(st.binary(max_size=20), st.just(b"OK"))
INTEGERS = st.integers(-(2**63), 2**63 - 1)
ERRORS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(ErrorReply)
REPLIES: st.SearchStrategy[Reply] = st.recursive(
    st.none() | INTEGERS | BYTES | ERRORS,
    lambda inner: st.lists(inner, max_size=5),
    max_leaves=20,
)

KEYS = st.sampled_from(["a", "b", "ключ", "", "\r\n"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
VALUES = st.one_of(st.sampled_from(["OK", "", "1", "-2", "0.5", "$-1\r\n"]), TEXTS)
NUMBERS = st.sampled_from(["0", "1", "-1", "2", "x"])
SCRIPTS = st.sampled_from(
    [
        "return {1,{},{false,'a'}}",
        "return {redis.error_reply('MY e'), 'x'}",
        "return redis.error_reply('MY e')",
        "return '\\255\\0'",
        "(",
    ]
)
FORMS: tuple[tuple[str | st.SearchStrategy[str], ...], ...] = (
    ("SET", KEYS, VALUES),
    ("GET", KEYS),
    ("GETDEL", KEYS),
    ("MGET", KEYS, KEYS),
    ("INCRBY", KEYS, NUMBERS),
    ("INCRBYFLOAT", KEYS, NUMBERS),
    ("SETBIT", KEYS, NUMBERS, NUMBERS),
    ("RPUSH", KEYS, VALUES),
    ("LRANGE", KEYS, NUMBERS, NUMBERS),
    ("LPOP", KEYS, NUMBERS),
    ("SADD", KEYS, VALUES),
    ("HSET", KEYS, VALUES, VALUES),
    ("HGETALL", KEYS),
    ("ZADD", KEYS, NUMBERS, VALUES),
    ("ZRANGE", KEYS, "0", "-1", "WITHSCORES"),
    ("XADD", KEYS, "1-1", VALUES, VALUES),
    ("XRANGE", KEYS, "-", "+"),
    ("EVAL", SCRIPTS, "0"),
    ("ECHO", VALUES),
    ("GET",),
    ("NOSUCH", VALUES),
)


def written(form: tuple[str | st.SearchStrategy[str], ...]) -> st.SearchStrategy[list[str]]:
    return st.tuples(*(st.just(p) if isinstance(p, str) else p for p in form)).map(list)


PIPELINES = st.lists(st.one_of([written(form) for form in FORMS]), min_size=1, max_size=12)
EXAMPLES = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def plain(reply: Reply) -> object:
    """Make a reply comparable: errors by their text."""
    if isinstance(reply, ErrorReply):
        return {"error": encoding.error_text(reply)}
    return [plain(item) for item in reply] if isinstance(reply, list) else reply


def whole(element: dict[str, Any]) -> object:
    """Read one element of an answer in base64; a bare OK is the one string that isn't."""
    if "error" in element:
        return element
    result = element["result"]
    return b"OK" if result == "OK" else part(result)


def part(value: Any) -> object:
    if isinstance(value, str):
        return b64decode(value)
    return [part(item) for item in value] if isinstance(value, list) else value


def natively(server: Server, commands: list[list[str]]) -> list[Reply]:
    """Send the commands over a connection of their own and read all replies."""
    raw = [[word.encode() for word in words] for words in commands]
    replies = reader()
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(server.socket_path)
        link.sendall(pack([[b"AUTH", b"rg_writer", b"writer-token"], *raw]))
        link.shutdown(socket.SHUT_WR)
        while data := link.recv(65536):
            replies.feed(data)
    return list(iter(replies.gets, NOT_YET))[1:]


@given(st.lists(REPLIES, min_size=1, max_size=5))
def test_any_reply_survives_base64(replies: list[Reply]) -> None:
    answer = orjson.loads(encoding.encode_batch(replies, is_base64=True))
    assert [whole(element) for element in answer] == [plain(reply) for reply in replies]
    single = orjson.loads(encoding.encode_single(replies[0], is_base64=True))
    assert single == answer[0]


@pytest.mark.asyncio(loop_scope="module")
@EXAMPLES
@given(commands=PIPELINES)
async def test_a_pipeline_answers_what_the_server_said(
    door: Door, server: Server, commands: list[list[str]]
) -> None:
    server.tell("FLUSHALL")
    expected = [plain(reply) for reply in natively(server, commands)]
    server.tell("FLUSHALL")
    async with door.wire() as wire:
        answer = await wire.exchange(door.posted("/pipeline", commands, *BASE64))
        assert [whole(element) for element in orjson.loads(answer.body)] == expected
        server.tell("FLUSHALL")
        for words, said in zip(commands, expected, strict=True):
            one = await wire.exchange(door.request(*words, lines=BASE64))
            assert whole(orjson.loads(one.body)) == said


@pytest.mark.asyncio(loop_scope="module")
@EXAMPLES
@given(commands=PIPELINES)
async def test_a_transaction_answers_what_exec_said(
    door: Door, server: Server, commands: list[list[str]]
) -> None:
    for lines in (BASE64, WATCHED):
        server.tell("FLUSHALL")
        *queued, said = natively(server, [["MULTI"], *commands, ["EXEC"]])
        server.tell("FLUSHALL")
        async with door.wire() as wire:
            answer = await wire.exchange(door.posted("/multi-exec", commands, *lines))
        found = orjson.loads(answer.body)
        if isinstance(said, list):
            assert [whole(element) for element in found] == plain(said)
        else:
            # With watched keys the first refusal is passed on, which says more than EXECABORT.
            first = next(reply for reply in queued if isinstance(reply, ErrorReply))
            assert found == plain(said if lines is BASE64 else first)
        assert ("X-Watch" in answer.headers) == (lines is WATCHED and isinstance(said, list))
