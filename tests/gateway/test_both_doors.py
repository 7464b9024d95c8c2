"""The two doors give the same answers, byte for byte."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from gateway.fastlane import FastLane
from redisgate.lib.http_protocol import HttpProtocol
from tests.gateway.cases import CASES, Case, get, post
from tests.gateway.doors import Door, opened, serving
from tests.gateway.parts import Server
from tests.gateway.raw_http import ANSWER_SECONDS

pytestmark = pytest.mark.asyncio(loop_scope="module")

# What is new in each answer; a rate limit's rest depends on the time between two requests.
NEW = re.compile(rb"(?im)^(date|x-request-id|upstash-sync-token|(?:x-)?ratelimit[^:]*): [^\r]*")
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


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ports() -> AsyncIterator[tuple[int, int]]:
    async with serving(HttpProtocol) as whole, serving(FastLane) as fast:
        yield whole.port, fast.port


@pytest_asyncio.fixture(loop_scope="module")
async def doors(ports: tuple[int, int], server: Server) -> AsyncIterator[tuple[Door, Door]]:
    async with opened(ports[0], [server]) as [whole]:
        yield whole, replace(whole, port=ports[1])


async def answer(door: Door, server: Server, case: Case, *lines: str) -> bytes:
    """Give the whole answer to the case on an empty server, less what is always new."""
    server.admin().flushall()
    for words in case.before:
        await door.command(*words)
    if case.encoding:
        lines = (f"Upstash-Encoding: {case.encoding}", *lines)
    request = door.head(case.method, case.path, f"Content-Length: {len(case.body)}", *lines)
    async with door.wire() as wire, asyncio.timeout(ANSWER_SECONDS):
        await wire.send(request + case.body)
        head = await wire.reader.readuntil(b"\r\n\r\n")
        [length] = re.findall(rb"(?im)^content-length: (\d+)", head)
        body = b"" if case.method == "HEAD" else await wire.reader.readexactly(int(length))
        return NEW.sub(rb"\1", head) + body


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
