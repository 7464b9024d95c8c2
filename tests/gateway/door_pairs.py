"""The complete door and the fast one side by side, in front of the same server."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest_asyncio

from gateway.fastlane import FastLane
from redisgate.lib.http_protocol import HttpProtocol
from tests.gateway.doors import Door, opened, serving
from tests.gateway.parts import Server
from tests.gateway.raw_http import ANSWER_SECONDS, Wire

# What is new in each answer; a rate limit's rest depends on the time between two requests.
NEW = re.compile(rb"(?im)^(date|x-request-id|upstash-sync-token|(?:x-)?ratelimit[^:]*): [^\r]*")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ports() -> AsyncIterator[tuple[int, int]]:
    async with serving(HttpProtocol) as whole, serving(FastLane) as fast:
        yield whole.port, fast.port


@pytest_asyncio.fixture(loop_scope="module")
async def doors(ports: tuple[int, int], server: Server) -> AsyncIterator[tuple[Door, Door]]:
    async with opened(ports[0], [server]) as [whole]:
        yield whole, replace(whole, port=ports[1])


async def whole_answer(wire: Wire, request: bytes) -> bytes:
    """Give every byte of the answer, less what is always new."""
    async with asyncio.timeout(ANSWER_SECONDS):
        await wire.send(request)
        head = await wire.reader.readuntil(b"\r\n\r\n")
        [length] = re.findall(rb"(?im)^content-length: (\d+)", head)
        has_body = not request.startswith(b"HEAD ")
        body = await wire.reader.readexactly(int(length) if has_body else 0)
    return NEW.sub(rb"\1", head) + body
