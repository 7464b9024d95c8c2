"""Servers on other machines, which may vanish or talk nonsense without the connection ending."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest

from gateway import link
from instances.spec import Endpoint
from tests.gateway.fault_proxy import Proxy, fault_proxy, none
from tests.gateway.parts import Client, Connect, Server
from tests.waiting import in_time, until


@pytest.fixture
async def proxy(server: Server) -> AsyncIterator[Proxy]:
    async with fault_proxy(server.socket_path, none, seed=1) as proxy:
        yield proxy


@pytest.fixture
def patience_seconds() -> float:
    """How long a peer may take to say that it is there."""
    return 0.2


@pytest.fixture
async def far(
    server: Server,
    proxy: Proxy,
    connect: Connect,
    patience_seconds: float,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Client]:
    """A client whose server is reached over TCP and asked whether it is there after each rest."""
    monkeypatch.setattr(link, "QUIET_SECONDS", 0.0)
    client = connect(server, connect_seconds=patience_seconds, command_seconds=2)
    client.place = replace(client.place, endpoint=Endpoint(None, "127.0.0.1", proxy.port))
    assert await client.command("SET", "n", "0") == (200, {"result": "OK"})
    yield client
    await client.upstreams.close()


async def rest(client: Client) -> None:
    """Wait until the client's connections are at rest."""
    await until(lambda: not client.upstreams.statistics().connections_in_use)


async def test_a_peer_that_vanished_is_found_before_a_command_pays_for_it(
    far: Client, proxy: Proxy
) -> None:
    await rest(far)
    proxy.cut()
    began_at = time.monotonic()
    answers = await asyncio.gather(*(far.command("INCR", "n") for _ in range(20)))
    assert sorted(str(answer) for answer in answers) == sorted(
        str((200, {"result": n})) for n in range(1, 21)
    )
    assert in_time(began_at, 1)
    assert far.upstreams.statistics().connections_lost == 1


@pytest.mark.parametrize("patience_seconds", [30.0])
async def test_a_peer_that_is_there_keeps_its_connection_and_the_order(far: Client) -> None:
    for _ in range(3):
        await rest(far)
        answers = await asyncio.gather(*(far.command("ECHO", str(n)) for n in range(20)))
        assert answers == [(200, {"result": str(n)}) for n in range(20)]
    assert far.upstreams.statistics().connections_opened == 1


async def test_a_peer_that_vanishes_under_a_command_leaves_its_outcome_unknown(
    far: Client, proxy: Proxy
) -> None:
    far.upstreams.submit(far.place, far.writer, b"*1\r\n$4\r\nPING\r\n", 1, lambda _: None)
    proxy.cut()
    status, answer = await far.command("INCR", "n")
    assert (status, "unknown whether it ran" in str(answer)) == (504, True)
    assert (await far.command("GET", "n"))[1] in ({"result": "0"}, {"result": "1"})


@pytest.mark.parametrize("words", [b"+unasked\r\n", b"\xff", b"$3\r\nabc\r\n*2\r\n"])
async def test_what_nobody_asked_for_ends_the_connection(
    far: Client, proxy: Proxy, words: bytes
) -> None:
    proxy.say(words)
    await until(lambda: far.upstreams.statistics().connections_lost == 1)
    for _ in range(100):
        nonce = uuid4().hex
        assert await far.command("ECHO", nonce) == (200, {"result": nonce})
