"""What the fast door must see to by itself: order, back-pressure, and a good end."""

from collections.abc import AsyncIterator
from typing import Any, ClassVar

import orjson
import pytest
import pytest_asyncio

from gateway.fastlane import FastLane
from redisgate.lib.units import MEGABYTE
from tests.gateway.doors import Door, open_door
from tests.gateway.parts import Server
from tests.gateway.raw_http import Wire
from tests.waiting import until

CHUNKED = "Transfer-Encoding: chunked"


class Watched(FastLane):
    """A connection that the test can look at."""

    all: ClassVar[set["Watched"]] = set()
    linger_seconds = 0.5

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.all.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.all.discard(self)

    @property
    def under_way(self) -> int:
        return len(self._started)


@pytest_asyncio.fixture
async def door(server: Server) -> AsyncIterator[Door]:
    async with open_door(Watched, server) as door:
        yield door


def echo(door: Door, word: str, *lines: str) -> bytes:
    return door.request("ECHO", word, lines=lines)


def slow_echo(door: Door, word: str) -> bytes:
    """Ask in a form that goes the long way through ASGI."""
    body = orjson.dumps(["ECHO", word])
    return door.head("POST", "", CHUNKED) + b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)


async def words(wire: Wire, number: int) -> list[object]:
    answers = [(await wire.answer()).json for _ in range(number)]
    assert all(isinstance(answer, dict) for answer in answers)
    return [answer["result"] for answer in answers if isinstance(answer, dict)]


async def test_pipelined_requests_are_answered_in_order(door: Door) -> None:
    expected = [str(n) for n in range(300)]
    async with door.wire() as wire:
        await wire.send(b"".join(echo(door, word) for word in expected))
        assert await words(wire, 300) == expected


@pytest.mark.parametrize("pattern", ["fsf", "sf", "ssff", "fffs", "sfsfsf"])
async def test_the_lanes_wait_for_each_other(door: Door, pattern: str) -> None:
    expected = [f"{n} {lane}" for n, lane in enumerate(pattern)]
    sends = {"f": echo, "s": slow_echo}
    async with door.wire() as wire:
        await wire.send(b"".join(sends[word[-1]](door, word) for word in expected))
        assert await words(wire, len(expected)) == expected
        await wire.send(echo(door, "after"))
        assert await words(wire, 1) == ["after"]


async def test_a_request_in_single_bytes_is_understood(door: Door) -> None:
    async with door.wire() as wire:
        await wire.send(*(bytes([byte]) for byte in echo(door, "x") + echo(door, "y")))
        assert await words(wire, 2) == ["x", "y"]


async def test_nothing_runs_behind_a_request_that_closes(door: Door) -> None:
    async with door.wire() as wire:
        append = door.head("POST", "/append/a/x", "Content-Length: 0")
        await wire.send(echo(door, "x", "Connection: close") + append + slow_echo(door, "y"))
        answer = await wire.rest()
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"connection: close\r\n" in answer
    assert await door.result("EXISTS", "a") == 0


async def test_what_follows_a_good_request_and_is_none_is_refused_behind_it(door: Door) -> None:
    async with door.wire() as wire:
        await wire.send(echo(door, "x") + b"nonsense\r\n\r\n")
        answer = await wire.rest()
    good, bad = answer.split(b"HTTP/1.1 ")[1:]
    assert good.startswith(b"200 ")
    assert bad.startswith(b"400 ")


async def test_requests_of_one_connection_wait_where_too_many_are_under_way(
    door: Door, server: Server
) -> None:
    server.tell("CLIENT", "PAUSE", "300", "ALL")
    async with door.wire() as wire:
        await wire.send(b"".join(echo(door, str(n)) for n in range(500)))
        await until(lambda: any(link.under_way for link in Watched.all))
        assert max(link.under_way for link in Watched.all) == FastLane.calls_max
        assert await words(wire, 500) == [str(n) for n in range(500)]


async def test_no_more_is_run_than_the_client_reads(door: Door) -> None:
    await door.command("SET", "large", "x" * MEGABYTE)
    get = door.head("GET", "/get/large")
    async with door.wire() as wire:
        wire.writer.write(get * 400)
        [link] = [link for link in await connections(2) if link.flow.write_paused]
        await until(lambda: link.under_way == 0)
        assert link.transport.get_write_buffer_size() < FastLane.calls_max * 1.1 * MEGABYTE
        for _ in range(400):
            assert len((await wire.answer()).body) > MEGABYTE


async def connections(number: int) -> set[Watched]:
    await until(lambda: any(link.flow.write_paused for link in Watched.all))
    assert len(Watched.all) <= number
    return Watched.all


def order_to_stop() -> None:
    """Do what the server does when its worker is to end."""
    for link in list(Watched.all):
        link.shutdown()


async def test_the_end_waits_for_what_is_under_way(door: Door, server: Server) -> None:
    async with door.wire() as wire:
        await wire.send(echo(door, "before"))
        assert await words(wire, 1) == ["before"]
        server.tell("CLIENT", "PAUSE", "300", "ALL")
        await wire.send(echo(door, "one") + echo(door, "two"))
        await until(lambda: any(link.under_way == 2 for link in Watched.all))
        order_to_stop()
        assert "connection" not in (await wire.answer()).headers
        answer = await wire.answer()
        assert answer.json == {"result": "two"}
        assert answer.headers["connection"] == "close"
        assert await wire.rest() == b""


async def test_a_request_on_its_way_is_answered_after_the_order_to_stop(door: Door) -> None:
    async with door.wire() as wire, door.wire() as idle:
        await wire.send(echo(door, "before"))
        assert await words(wire, 1) == ["before"]
        await until(lambda: len(Watched.all) == 2)
        order_to_stop()
        await wire.send(echo(door, "late"))
        answer = await wire.answer()
        assert answer.json == {"result": "late"}
        assert answer.headers["connection"] == "close"
        assert await idle.rest() == b""


async def test_a_connection_too_many_is_told_to_come_again(server: Server) -> None:
    small = type("Small", (FastLane,), {"connections_max": 2})
    async with (
        open_door(small, server) as door,
        door.wire() as one,
        door.wire() as two,
        door.wire() as three,
    ):
        for wire in (one, two):
            await wire.send(echo(door, "x"))
            assert await words(wire, 1) == ["x"]
        await three.send(echo(door, "x"))
        answer = await three.answer()
        assert (answer.status, answer.headers["retry-after"]) == (503, "1")
        assert answer.error.startswith("ERR Too many connections")
        assert await three.rest() == b""
