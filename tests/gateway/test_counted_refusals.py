"""Requests that are refused before anybody asks whose they are: counted all the same."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from gateway import asgi_limits, runtime, summing
from observability import metrics
from redisgate.lib.http_protocol import HttpProtocol
from redisgate.lib.units import MEGABYTE
from tests.gateway.doors import DOORS, Door, each_door, open_door
from tests.gateway.parts import Server

COMMANDS = "/redis/<instance>"


@pytest_asyncio.fixture(params=DOORS.values(), ids=DOORS.keys())
async def door(
    request: pytest.FixtureRequest, server: Server, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Door]:
    monkeypatch.setattr(asgi_limits, "BODY_SECONDS", 0.2)
    short = {"head_seconds": 0.5, "sweep_seconds": 0.05}
    async with open_door(type("Impatient", (request.param,), short), server) as door:
        yield door


def counted(method: str, path: str, status: int) -> float:
    """Bring what is counted to the metrics, and look there."""
    summing.count(runtime.current().counting.take())
    labels = {"method": method, "path": path, "status": str(status)}
    return metrics.REGISTRY.get_sample_value("http_requests_total", labels) or 0.0


async def test_bodies_too_large_are_counted(door: Door) -> None:
    before = counted("POST", COMMANDS, 413)
    async with door.wire() as wire:
        too_large = f"Content-Length: {10 * MEGABYTE + 1}"
        await wire.send(door.head("POST", "", too_large, "Expect: 100-continue"))
        assert (await wire.rest()).startswith(b"HTTP/1.1 413 ")
    assert counted("POST", COMMANDS, 413) == before + 1


async def test_bodies_too_slow_are_counted(door: Door) -> None:
    before = counted("POST", COMMANDS, 408)
    async with door.wire() as wire:
        await wire.send(door.head("POST", "", "Content-Length: 10") + b"[")
        assert (await wire.rest()).startswith(b"HTTP/1.1 408 ")
    assert counted("POST", COMMANDS, 408) == before + 1


@pytest.mark.parametrize(
    ("sent", "status"), [(b"GET /half HTTP/1.1\r\n", 408), (b"no request at all\r\n\r\n", 400)]
)
async def test_heads_that_nobody_understands_are_counted(
    door: Door, sent: bytes, status: int
) -> None:
    before = counted("other", "unknown", status)
    async with door.wire() as wire:
        await wire.send(sent)
        assert (await wire.rest()).startswith(b"HTTP/1.1 %d " % status)
    assert counted("other", "unknown", status) == before + 1


@each_door
async def test_connections_above_the_bound_are_counted(
    protocol: type[HttpProtocol], server: Server
) -> None:
    async with open_door(type("Narrow", (protocol,), {"connections_max": 1}), server) as door:
        before = counted("other", "unknown", 503)
        async with door.wire() as first, door.wire() as second:
            await first.send(door.head("GET", "/ping"))
            assert (await first.answer()).status == 200
            await second.send(door.head("GET", "/ping"))
            assert (await second.rest()).startswith(b"HTTP/1.1 503 ")
        assert counted("other", "unknown", 503) == before + 1


@pytest.mark.parametrize(("method", "status"), [("OPTIONS", 204), ("DELETE", 405)])
async def test_methods_that_run_no_command_keep_their_names(
    door: Door, method: str, status: int
) -> None:
    before = counted(method, COMMANDS, status)
    assert (await door.ask(method, "/ping", b"", Authorization="Bearer writer-token")).status == (
        status
    )
    assert counted(method, COMMANDS, status) == before + 1
