"""The two doors give the same answers, byte for byte."""

import pytest

from tests.gateway.cases import CASES, Case, get, post
from tests.gateway.door_pairs import doors, ports, whole_answer
from tests.gateway.doors import Door
from tests.gateway.parts import Server

__all__ = ["doors", "ports"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

LINES = [
    "X-Request-Id: mine-1",
    "X-Request-Id: not\tharmless",
    "Connection: close",
    "Upstash-Encoding: base64",
    "Upstash-Encoding: rot13",
    "Upstash-Response-Format: resp2",
    "Upstash-Reponse-Format: resp3",
    "Redisgate-Block: 100",
    "Authorization: Bearer other",
    "upstash_encoding: base64",
    "Upgrade: h2c\r\nConnection: Upgrade",
]
MORE = [
    post("bad token", ["PING"], path="?_token=other"),
    Case(name="HEAD", method="HEAD", path="/echo/x", status=200),
    get("/get/" + "k" * 3000),
]


async def answer(door: Door, server: Server, case: Case, *lines: str) -> bytes:
    """Give the whole answer to the case on an empty server, less what is always new."""
    server.admin().flushall()
    for words in case.before:
        await door.command(*words)
    if case.encoding:
        lines = (f"Upstash-Encoding: {case.encoding}", *lines)
    request = door.head(case.method, case.path, f"Content-Length: {len(case.body)}", *lines)
    async with door.wire() as wire:
        return await whole_answer(wire, request + case.body)


@pytest.mark.parametrize(
    "case", [*CASES, *MORE], ids=[f"{n}: {case.name}" for n, case in enumerate([*CASES, *MORE])]
)
async def test_both_doors_answer_alike(
    doors: tuple[Door, Door], server: Server, case: Case
) -> None:
    whole, fast = doors
    assert await answer(fast, server, case) == await answer(whole, server, case)


@pytest.mark.parametrize("path", ["", "/pipeline", "/multi-exec", "/echo/x"])
@pytest.mark.parametrize("line", LINES)
async def test_headers_change_both_doors_alike(
    doors: tuple[Door, Door], server: Server, path: str, line: str
) -> None:
    whole, fast = doors
    case = post(path, ["ECHO", "x"] if not path else [["ECHO", "x"]], path=path)
    assert await answer(fast, server, case, line) == await answer(whole, server, case, line)


async def test_an_id_of_the_clients_own_comes_back(doors: tuple[Door, Door]) -> None:
    for door in doors:
        answer = await door.post("", ["PING"], **{"X-Request-Id": "mine-1"})
        assert answer.headers["x-request-id"] == "mine-1"
