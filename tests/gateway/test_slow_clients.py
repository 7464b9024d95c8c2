"""Clients that are too slow on purpose: closed in time, told why, and of no harm to others."""

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from statistics import median

import pytest
import pytest_asyncio

from gateway import asgi_limits
from gateway.fastlane import FastLane
from redisgate.lib.units import MEGABYTE
from tests.gateway.doors import DOORS, Door, open_door
from tests.gateway.parts import Server
from tests.gateway.raw_http import Wire
from tests.waiting import in_time

HALF_HEADS = 500
DRIPPING_BODIES = 200
PATIENCE_SECONDS = 1.0
"""Instead of fifteen."""
SLACK_SECONDS = 8.0


@pytest.fixture
def many_files() -> Iterator[None]:
    """Allow as many open files as both ends of all connections are."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * (HALF_HEADS + DRIPPING_BODIES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(wanted, hard)), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest_asyncio.fixture(params=DOORS.values(), ids=DOORS.keys())
async def door(
    request: pytest.FixtureRequest,
    server: Server,
    many_files: None,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Door]:
    monkeypatch.setattr(asgi_limits, "BODY_SECONDS", PATIENCE_SECONDS)
    short = dict.fromkeys(("head_seconds", "unread_seconds"), PATIENCE_SECONDS)
    short["sweep_seconds"] = 0.1
    async with open_door(type("Impatient", (request.param,), short), server) as door:
        yield door


async def half_a_head(door: Door) -> bytes:
    async with door.wire() as wire:
        await wire.send(door.head("GET", "/append/a/x")[:-2])
        return await wire.rest()


async def dripping_body(door: Door) -> bytes:
    """Announce a body and send it byte by byte, until the server has had enough."""
    async with door.wire() as wire:
        await wire.send(door.head("POST", "/append/a", "Content-Length: 1000"))
        rest = asyncio.create_task(wire.rest())
        with suppress(ConnectionError):
            while not rest.done():
                await wire.send(b"x")
                await asyncio.wait([rest], timeout=0.1)
        return await rest


async def test_slow_clients_are_closed_in_time_and_hurt_nobody(door: Door) -> None:
    began_at = time.monotonic()
    heads = [asyncio.create_task(half_a_head(door)) for _ in range(HALF_HEADS)]
    bodies = [asyncio.create_task(dripping_body(door)) for _ in range(DRIPPING_BODIES)]
    waits: list[float] = []
    while not all(task.done() for task in heads + bodies):
        asked_at = time.monotonic()
        assert await door.is_right()
        waits.append(time.monotonic() - asked_at)

    assert time.monotonic() - began_at >= PATIENCE_SECONDS
    assert in_time(began_at, PATIENCE_SECONDS + SLACK_SECONDS)
    # All clients are made in this very process, so the longest waits are theirs.
    assert median(waits) < PATIENCE_SECONDS / 2
    assert {status(task) for task in heads} == {b"408"}
    # Whoever is still sending when the server closes may lose the answer on the way.
    assert {status(task) for task in bodies} <= {b"408", b""}
    assert await door.result("EXISTS", "a") == 0


def status(task: "asyncio.Task[bytes]") -> bytes:
    return task.result()[9:12]


async def test_an_answer_that_nobody_reads_is_not_kept_for_ever(door: Door, server: Server) -> None:
    server.tell("SET", "large", "x" * 20 * MEGABYTE)
    async with door.wire() as wire:
        await wire.send(door.head("GET", "/get/large"))
        assert (await wire.reader.readexactly(12)).startswith(b"HTTP/1.1 200")
        # Our reader stops by itself, and the server's end is gone before we read on.
        await asyncio.sleep(PATIENCE_SECONDS * 2)
        assert await door.is_right()
        assert len(await wire.rest()) < 20 * MEGABYTE


async def test_what_all_clients_together_leave_unread_is_bounded(server: Server) -> None:
    bounds = {"unread_bytes_max": 25 * MEGABYTE, "sweep_seconds": 0.1}
    server.tell("SET", "large", "x" * 20 * MEGABYTE)
    async with open_door(type("Bounded", (FastLane,), bounds), server) as door:
        wires = [(await door.caller()).wire for _ in range(3)]
        for wire in wires:
            await wire.send(door.head("GET", "/get/large"))
            assert (await wire.reader.readexactly(12)).startswith(b"HTTP/1.1 200")
        # Our readers stop by themselves; what is dropped is dropped before they read on.
        await asyncio.sleep(5 * bounds["sweep_seconds"])
        assert await door.is_right()
        came = [await came_of(wire) for wire in wires]
    assert sorted(size > 20 * MEGABYTE for size in came) == [False, False, True]


async def came_of(wire: Wire) -> int:
    """Read what is there of a large answer and what still comes, and give its size."""
    size = 0
    with suppress(ConnectionError):
        while size <= 20 * MEGABYTE and (chunk := await wire.reader.read(MEGABYTE)):
            size += len(chunk)
    return size


async def test_an_answer_that_is_read_slowly_comes_whole(door: Door, server: Server) -> None:
    server.tell("SET", "large", "x" * 20 * MEGABYTE)
    async with door.wire() as wire:
        await wire.send(door.head("GET", "/get/large"))
        size = 0
        while size < 20 * MEGABYTE:
            size += len(await wire.reader.read(MEGABYTE))
            await asyncio.sleep(PATIENCE_SECONDS / 100)
    assert await door.is_right()


async def test_a_silent_connection_is_closed_without_a_word(door: Door) -> None:
    async with door.wire() as wire:
        assert await wire.rest() == b""


async def test_a_connection_between_two_requests_may_rest(door: Door) -> None:
    async with door.wire() as wire:
        for _ in range(3):
            await wire.send(door.head("GET", "/ping"))
            assert (await wire.answer()).json == {"result": "PONG"}
            await asyncio.sleep(PATIENCE_SECONDS / 2)


async def test_a_head_that_drips_is_not_kept_alive_by_its_bytes(door: Door) -> None:
    async with door.wire() as wire:
        rest = asyncio.create_task(wire.rest())
        for byte in door.head("GET", "/append/a/" + "x" * 200):
            if rest.done():
                break
            await wire.send(bytes([byte]))
            await asyncio.wait([rest], timeout=0.02)
        # Whoever is still sending when the server closes may lose the answer on the way.
        assert (await rest)[9:12] in (b"408", b"")
    assert await door.result("EXISTS", "a") == 0
