"""What is counted of requests through either door, in the numbers that people see."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from apikeys.usage import Amounts
from gateway import runtime, summing
from tests.gateway.doors import WRITER, Door, door, port
from tests.gateway.parts import Server

__all__ = ["door", "port"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOW = datetime(2030, 1, 31, 12, 30, tzinfo=UTC)


def counted(door: Door) -> tuple[int, int, int]:
    """Take requests, commands and errors of the door's key on its instance."""
    amounts, _ = summing.usage_of(runtime.current().counting.take(), NOW)
    key = door.keys[WRITER]
    found = [
        used
        for slot, used in amounts.items()
        if (slot.key_id, slot.instance_id) == (key.key_id, door.place.instance_id)
    ]
    total = Amounts()
    for used in found:
        total.add(used)
    return total.requests, total.commands, total.errors


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("", ["SET", "a", "1"], (1, 1, 0)),
        ("/set/a/1", None, (1, 1, 0)),
        ("", ["LPUSH", "a", "1"], (1, 1, 1)),
        ("", ["FROB"], (1, 1, 1)),
        ("/pipeline", [["SET", "a", "1"], ["LPUSH", "a", "1"], ["GET", "a"]], (1, 3, 1)),
        ("/pipeline", [["SET", "a", "1"], ["MULTI"], ["GET", "a"]], (1, 3, 1)),
        ("/pipeline", [["MULTI"]], (1, 1, 1)),
        ("/multi-exec", [["SET", "a", "1"], ["LPUSH", "a", "1"]], (1, 2, 1)),
        ("/multi-exec", [["SET", "a", "1"], ["MULTI"]], (1, 0, 1)),
        ("/multi-exec", [["SET", "a"]], (1, 0, 1)),
        ("", ["BLPOP", "a", "0"], (1, 0, 1)),
        ("", [], (1, 0, 1)),
        ("/pipeline", [], (1, 0, 1)),
    ],
)
async def test_usage_is_right(
    door: Door, server: Server, path: str, body: object, expected: tuple[int, int, int]
) -> None:
    await door.get("/set/a/text?_token=writer-token")
    counted(door)
    await door.post(path, b"" if body is None else body)
    assert counted(door) == expected


@pytest.mark.parametrize("response_format", ["json", "resp2"])
async def test_errors_are_counted_in_either_format(door: Door, response_format: str) -> None:
    commands = [["SET", "a", "1"], ["LPUSH", "a", "1"], ["GET", "a"]]
    await door.post("/pipeline", commands, **{"Upstash-Response-Format": response_format})
    assert counted(door) == (1, 3, 1)


async def test_what_is_above_the_rate_limit_is_an_error_and_no_command(door: Door) -> None:
    door.keys[WRITER] = replace(door.keys[WRITER], rate_limit=1)
    seen = []
    for _ in range(2):
        answer = await door.post("/pipeline", [["PING"]] * 30)
        seen.append((answer.status, counted(door)))
    assert seen == [(200, (1, 30, 0)), (429, (1, 0, 1))]


async def test_the_last_use_has_address_and_client(door: Door) -> None:
    await door.post("/ping", b"", **{"User-Agent": "counter/1"})
    _, last = summing.usage_of(runtime.current().counting.take(), NOW)
    use = last[door.keys[WRITER].key_id]
    assert (use.at, use.address, use.client) == (NOW, "127.0.0.1", "counter/1")


async def test_bytes_are_those_of_path_and_bodies(door: Door) -> None:
    body = b'["SET","a","12345"]'
    answer = await door.post("", body)
    [used] = summing.usage_of(runtime.current().counting.take(), NOW)[0].values()
    assert (used.bytes_in, used.bytes_out) == (len(door.path) + len(body), len(answer.body))


async def test_a_wrong_key_is_counted_for_nobody(door: Door) -> None:
    await door.get("/ping?_token=other")
    await door.get("/ping")
    taken = runtime.current().counting.take()
    assert [(tally.status, tally.requests) for tally in taken.tallies] == [(401, 2)]
    assert summing.usage_of(taken, NOW) == ({}, {})
