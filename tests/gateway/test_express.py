"""The shortest way gives the same answers as the complete door, and leaves alone what isn't its."""

import json
from copy import copy
from dataclasses import replace
from time import monotonic
from typing import ClassVar

import pytest
import pytest_asyncio

from gateway import fastlane, rates, runtime
from gateway.exchange import Exchange
from gateway.express import Express
from gateway.fast_heads import FastHead
from instances import acl
from instances.acl import Scope
from tests.gateway.door_pairs import doors, ports, whole_answer
from tests.gateway.doors import READER, WRITER, Door

__all__ = ["doors", "ports"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

BEFORE = [
    ["SET", "word", "w"],
    ["SET", "bytes", "\u00ff\u0000"],
    ["SETBIT", "odd", "0", "1"],
    ["RPUSH", "list", "a", "b"],
]
TAKEN = [
    ["SET", "new", "value"],
    ["get", "word"],
    ["GET", "missing"],
    ["GET", "odd"],
    ["GET", "bytes"],
    ["STRLEN", "word"],
    ["INCR", "n"],
    ["INCR", "word"],
    ["LPUSH", "word", "x"],
    ["LRANGE", "list", "0", "-1"],
    ["NOSUCHCOMMAND", "x"],
    ["GET"],
    ["SET", "k", "\U0001f600"],
    [""],
]
LEFT = [
    b'["SET","k",1]',
    b'["SET","k",true]',
    b'["SET","k",null]',
    b'["SET","k",1e400]',
    b'{"command":["GET","word"]}',
    b'{"a":"GET","b":"word"}',
    b'"PING"',
    b"[]",
    b"[[]]",
    b"[",
    b"\xff",
    b'["MULTI"]',
    b'["EVAL","return {1,{2},false}","0"]',
    b'["INFO","server"]',
    b'["GET\\u0000","word"]',
    b'["BLPOP","list","0"]',
    b'["SCAN","0","WITHTYPE"]',
    b'["GET","\\ud800"]',
]

PATHS_TAKEN = [
    "/set/new/value",
    "/get/word",
    "/get/word/",
    "/GeT/word",
    "/get/missing",
    "/get/odd",
    "/set/a%2Fb%0D%0A/%00%FF",
    "/set/k//",
    "/set/k/v?EX=100&NX",
    "/echo/a?_token=writer-token",
    "/incr/word",
    "/lpush/word/x",
    "/lrange/list/0/-1",
    "/nosuchcommand/x",
    "/get",
    "//a",
]
PATHS_LEFT = [
    "/multi",
    "/scan/0/withtype",
    "/info/server",
    "/blpop/list/0",
    "/get%00/word",
    "/%FF/word",
    "/echo/a?_token=reader-token",
    "/get/word#x",
    "/",
    "",
    "/pipeline",
]


class Watched(Express):
    """A call that says whether it went the shortest way."""

    __slots__ = ()
    went = 0
    fresh: ClassVar[dict[str, object]] = {}
    """What its exchange was made of when the last one had just been sent."""

    def start(self, head: FastHead, body: bytes) -> bool:
        is_sent = super().start(head, body)
        Watched.went += is_sent
        Watched.fresh = parts(self) if is_sent else {}
        return is_sent


def parts(exchange: Exchange) -> dict[str, object]:
    """Give what is set, as it is now: the list of replies is filled later."""
    is_set = (name for name in Exchange.__slots__ if hasattr(exchange, name))
    return {name: copy(getattr(exchange, name)) for name in is_set}


@pytest.fixture(autouse=True)
def watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fastlane, "Express", Watched)


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def unhurried(doors: tuple[Door, Door], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be looked up or reported anew in the middle of a test, however slow it is."""
    assert doors
    known = runtime.current()
    for cache in (known.keys, known.instances):
        monkeypatch.setattr(cache, "_fresh_seconds", 60.0)
    for pause in ("GUESS_SECONDS", "CALM_SECONDS"):
        monkeypatch.setattr(rates, pause, 60.0)


async def test_its_exchange_is_made_as_any_other(doors: tuple[Door, Door]) -> None:
    Watched.fresh = {}
    async with doors[1].wire() as wire:
        # A report of what was spent may come between any two of them, and begins anew.
        for _ in range(100):
            await whole_answer(wire, request(doors[1], b'["ECHO","x"]'))
            if found := Watched.fresh:
                break
    payload = b"*2\r\n$4\r\nECHO\r\n$1\r\nx\r\n"
    on_done, deadline, owner = found["on_done"], found["deadline"], found["owner"]
    made = Exchange(payload, 1, on_done, deadline, owner)  # type: ignore[arg-type]
    assert found == parts(made)
    assert set(found) == set(Exchange.__slots__)


def request(door: Door, body: bytes, token: str = WRITER, *lines: str) -> bytes:
    head = door.head("POST", "", f"Content-Length: {len(body)}", *lines)
    return head.replace(WRITER.encode(), token.encode()) + body


def as_long_as(body: bytes) -> bytes:
    """Make a harmless command of that length, so that it has the same head."""
    return b'["PING"]' + b" " * (len(body) - 8) if len(body) >= 8 else b" " * len(body)


async def answer_at_third(door: Door, body: bytes, token: str = WRITER, *lines: str) -> bytes:
    """Ask when head, key, instance and connection are known, and rate limits have begun."""
    async with door.wire() as wire:
        for _ in range(2):
            await whole_answer(wire, request(door, as_long_as(body), token, *lines))
        Watched.went = 0
        return await whole_answer(wire, request(door, body, token, *lines))


async def answer_of(
    doors: tuple[Door, Door], body: bytes, token: str = WRITER, *lines: str
) -> bytes:
    """Give the answer that both doors give, on equal data."""
    answers = []
    for door in doors:
        await door.command("FLUSHALL")
        for words in BEFORE:
            await door.command(*words)
        answers.append(await answer_at_third(door, body, token, *lines))
    assert answers[0] == answers[1]
    return answers[0]


@pytest.mark.parametrize("command", TAKEN, ids=lambda it: " ".join(it)[:30])
async def test_an_ordinary_command_goes_the_shortest_way(
    doors: tuple[Door, Door], command: list[str]
) -> None:
    body = json.dumps(command, ensure_ascii=False).encode()
    await answer_of(doors, body)
    assert Watched.went == 1


@pytest.mark.parametrize("command", TAKEN, ids=lambda it: " ".join(it)[:30])
async def test_base64_goes_the_shortest_way_too(
    doors: tuple[Door, Door], command: list[str]
) -> None:
    body = json.dumps(command, ensure_ascii=False).encode()
    await answer_of(doors, body, WRITER, "Upstash-Encoding: base64")
    assert Watched.went == 1


@pytest.mark.parametrize("body", LEFT, ids=repr)
async def test_what_is_not_ordinary_goes_the_other_way(
    doors: tuple[Door, Door], body: bytes
) -> None:
    async with doors[1].wire() as wire:
        for _ in range(2):
            await whole_answer(wire, request(doors[1], as_long_as(body)))
        Watched.went = 0
        fast = await whole_answer(wire, request(doors[1], body))
        assert Watched.went == 0
    async with doors[0].wire() as wire:
        assert _without_numbers(
            await whole_answer(wire, request(doors[0], body))
        ) == _without_numbers(fast)


async def path_answers(
    doors: tuple[Door, Door], path: str, *lines: str, method: str = "GET"
) -> bytes:
    """Give the third answer to a path, which both doors give on equal data."""
    answers = []
    for door in doors:
        await door.command("FLUSHALL")
        for words in BEFORE:
            await door.command(*words)
        async with door.wire() as wire:
            for _ in range(3):
                Watched.went = 0
                answer = await whole_answer(wire, door.head(method, path, *lines))
        answers.append(_without_numbers(answer))
    assert answers[0] == answers[1]
    return answers[1]


@pytest.mark.parametrize("path", PATHS_TAKEN)
async def test_an_ordinary_path_goes_the_shortest_way(doors: tuple[Door, Door], path: str) -> None:
    for lines in ((), ("Upstash-Encoding: base64",)):
        await path_answers(doors, path, *lines)
        assert Watched.went == 1


@pytest.mark.parametrize("path", PATHS_LEFT)
async def test_what_is_no_ordinary_path_goes_the_other_way(
    doors: tuple[Door, Door], path: str
) -> None:
    await path_answers(doors, path)
    assert Watched.went == 0


@pytest.mark.parametrize("line", ["Upstash-Encoding: rot13", "X-Request-Id: mine"])
async def test_a_path_with_wishes_goes_the_other_way(doors: tuple[Door, Door], line: str) -> None:
    await path_answers(doors, "/get/word", line)
    assert Watched.went == 0


@pytest.mark.parametrize("method", ["HEAD", "POST", "PUT"])
async def test_a_path_whose_body_may_matter_goes_the_other_way(
    doors: tuple[Door, Door], method: str
) -> None:
    await path_answers(doors, "/get/word", "Content-Length: 0", method=method)
    assert Watched.went == 0


def _without_numbers(answer: bytes) -> bytes:
    """Leave out what INFO counts."""
    return answer if b"redis_version" not in answer else answer[:200]


async def test_a_read_key_is_refused_in_the_servers_words(doors: tuple[Door, Door]) -> None:
    answer = await answer_of(doors, b'["SET","k","v"]', READER)
    assert b"400 Bad Request" in answer
    assert b"NOPERM" in answer


async def test_the_rate_limit_holds(doors: tuple[Door, Door]) -> None:
    _, fast = doors
    limit = 4
    fast.keys[WRITER] = replace(fast.keys[WRITER], rate_limit=limit, acl_user="rg_writer")
    await runtime.current().keys.recheck(WRITER)
    began_at = monotonic()
    async with fast.wire() as wire:
        answers = [await whole_answer(wire, request(fast, b'["PING"]')) for _ in range(60)]
    seconds = monotonic() - began_at
    statuses = [answer[9:12] for answer in answers]
    assert set(statuses) == {b"200", b"429"}
    assert limit <= statuses.count(b"200") <= limit + limit * seconds + 1


async def test_every_command_is_counted_once(doors: tuple[Door, Door]) -> None:
    _, fast = doors
    counting = runtime.current().counting
    async with fast.wire() as wire:
        counting.take()
        for body in (b'["INCR","n"]', b'["NOPE","n"]'):
            for _ in range(10):
                await whole_answer(wire, request(fast, body))
    tallies = counting.take().tallies
    assert {(tally.what, tally.status): tally.requests for tally in tallies} == {
        ("INCR", 200): 10,
        ("other", 400): 10,
    }


async def test_paths_and_bodies_are_counted_apart(doors: tuple[Door, Door]) -> None:
    _, fast = doors
    counting = runtime.current().counting
    bodies = [b'["SET","a","b"]', b'["SET","a","bcd"]']
    heads = [fast.head("GET", path) for path in ("/SET/a/b", "/SET/a/bcd")]
    async with fast.wire() as wire:
        for _ in range(2):
            counting.take()
            Watched.went = 0
            for sent in (*heads, *(request(fast, body) for body in bodies)):
                for _ in range(3):
                    await whole_answer(wire, sent)
    assert Watched.went == 12
    sizes = {tally.method: (tally.requests, tally.bytes_in) for tally in counting.take().tallies}
    base = len(fast.path)
    assert sizes == {"GET": (6, 6 * base + 3 * 18), "POST": (6, 6 * base + 3 * 32)}


async def test_two_at_once_are_answered_in_order(doors: tuple[Door, Door]) -> None:
    _, fast = doors
    async with fast.wire() as wire:
        await whole_answer(wire, request(fast, b'["ECHO","0"]'))
        await whole_answer(wire, request(fast, b'["ECHO","0"]'))
        await wire.send(request(fast, b'["ECHO","1"]') + request(fast, b'["ECHO","2"]'))
        await wire.send(request(fast, b'["ECHO","3"]'))
        assert [(await wire.answer()).json for _ in range(3)] == [{"result": n} for n in "123"]


async def test_a_key_that_broke_a_shared_connection_leaves_it_at_once(
    doors: tuple[Door, Door],
) -> None:
    _, fast = doors
    shared = acl.scope_user({Scope.WRITE}, ())
    key = fast.keys[WRITER] = replace(fast.keys[WRITER], scope_user=shared)
    place = replace(fast.place, shared_passwords=acl.scope_passwords("admin-token"))
    fast.instances[place.instance_id] = place
    known = runtime.current()
    await known.keys.recheck(WRITER)
    await known.instances.recheck(place.instance_id)
    async with fast.wire() as wire:
        await answer_at_third(fast, b'["PING"]')
        assert Watched.went == 1
        runtime.current().upstreams.gate_of(place).spoilt(key)
        assert b"PONG" in await whole_answer(wire, request(fast, b'["PING"]'))
        assert Watched.went == 1
