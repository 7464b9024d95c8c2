"""A server that stays away: nobody waits for it for long, and it is noticed when it is back."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from gateway import gate
from gateway.errors import CircuitOpen, InstanceUnreachable
from gateway.leases import Leases
from instances.spec import Endpoint
from redisgate.lib.breaker import State
from tests.gateway.parts import Client, Connect, Key, Server
from tests.waiting import in_time, until


async def open_circuit(client: Client) -> None:
    deadline = time.monotonic() + 10
    while not client.upstreams.circuits():
        assert (await client.command("PING"))[0] == 503
        assert time.monotonic() < deadline


@pytest.fixture
async def away(own_server: Server, connect: Connect) -> Client:
    """A client whose server has been away for so long that nobody waits for it."""
    client = connect(own_server, connect_patience_seconds=0.1)
    await client.command("PING")
    own_server.kill()
    await until(lambda: client.upstreams.statistics().connections_active == 0)
    await open_circuit(client)
    return client


async def test_commands_are_refused_at_once(away: Client) -> None:
    before = away.upstreams.statistics().refused_by_circuit
    began_at = time.monotonic()
    answers = await asyncio.gather(*(away.command("PING") for _ in range(200)))
    assert in_time(began_at, 1)
    assert {status for status, _ in answers} == {503}
    assert "refused at once until it answers again" in str(answers[0])
    assert away.upstreams.statistics().refused_by_circuit == before + 200


def leases_of(client: Client) -> Leases:
    """Give what streams and commands that wait connect with."""

    async def recheck(_token: str) -> None:
        """Take every key for a good one."""

    return Leases(client.upstreams.limits, recheck, client.upstreams.gate_of)


async def test_streams_and_waiting_commands_are_refused_at_once_too(away: Client) -> None:
    leases = leases_of(away)
    assert (await away.command("PING"))[0] == 503  # commands ask for the server, too
    before = away.upstreams.statistics().refused_by_circuit
    began_at = time.monotonic()
    for _ in range(50):
        with pytest.raises(CircuitOpen):
            await leases.take(away.writer, away.place)
    assert in_time(began_at, 0.4)
    assert away.upstreams.statistics().refused_by_circuit == before + 50


async def test_leases_alone_open_a_circuit_and_find_the_server_back(
    own_server: Server, connect: Connect
) -> None:
    client = connect(own_server, connect_patience_seconds=0.1)
    leases = leases_of(client)
    own_server.kill()
    while not client.upstreams.circuits():
        with pytest.raises(InstanceUnreachable):
            await leases.take(client.writer, client.place)
    await asyncio.to_thread(own_server.start)

    async def is_back() -> bool:
        try:
            lease = await leases.take(client.writer, client.place)
        except InstanceUnreachable:
            return False
        lease.close()
        return True

    deadline = time.monotonic() + 5
    while not await is_back():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.01)
    assert not client.upstreams.circuits()


async def test_opening_and_closing_are_told_once_and_counted(
    own_server: Server, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "redisgate.gateway")
    client = connect(own_server, connect_patience_seconds=0.1)
    own_server.kill()
    await open_circuit(client)
    for _ in range(5):
        await client.command("PING")
    assert client.upstreams.circuits() == {client.place.instance_id: State.OPEN}
    assert client.upstreams.statistics().circuits_open == 1
    await asyncio.to_thread(own_server.start)
    await until(lambda: not client.upstreams.circuits())
    lines = [line.getMessage() for line in caplog.records if line.name == "redisgate.gateway"]
    assert [str(client.place.instance_id) in line for line in lines] == [True, True]
    assert "refused until it answers" in lines[0]
    assert lines[1].endswith("answers again")
    statistics = client.upstreams.statistics()
    assert (statistics.circuits_opened, statistics.circuits_closed) == (1, 1)


async def test_it_heals_soon_after_the_server_is_back(away: Client, own_server: Server) -> None:
    await asyncio.to_thread(own_server.start)
    back_at = time.monotonic()
    while (await away.command("PING"))[0] != 200:
        assert in_time(back_at, 2)
        await asyncio.sleep(0.01)
    answers = await asyncio.gather(*(away.command("PING") for _ in range(100)))
    assert {status for status, _ in answers} == {200}


async def test_a_killed_server_that_is_soon_back_costs_nobody_an_error(
    own_server: Server, connect: Connect
) -> None:
    client = connect(own_server)
    await client.command("PING")
    own_server.kill()
    await until(lambda: client.upstreams.statistics().connections_active == 0)

    async def keep_asking() -> list[int]:
        statuses = []
        until_time = time.monotonic() + 1.2
        while time.monotonic() < until_time:
            statuses.append((await client.command("PING"))[0])
            await asyncio.sleep(0.01)
        return statuses

    asking = [asyncio.create_task(keep_asking()) for _ in range(8)]
    await asyncio.sleep(0.5)
    await asyncio.to_thread(own_server.start)
    assert {status for statuses in await asyncio.gather(*asking) for status in statuses} == {200}


async def test_nobody_asks_any_more_when_nobody_wants_to_know(
    away: Client, own_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "DEMAND_SECONDS", -1.0)
    await asyncio.to_thread(own_server.start)
    await asyncio.sleep(0.6)
    assert own_server.admin().info("stats")["total_connections_received"] < 5
    # Whoever comes then asks, and all who come meanwhile wait for the answer.
    answers = await asyncio.gather(*(away.command("PING") for _ in range(50)))
    assert {status for status, _ in answers} == {200}
    assert not away.upstreams.circuits()


async def test_an_instance_that_moved_starts_with_a_clean_slate(
    away: Client, server: Server
) -> None:
    away.place = replace(away.place, endpoint=server.endpoint)
    assert await away.command("PING") == (200, {"result": "PONG"})
    assert not away.upstreams.circuits()


async def test_other_instances_do_not_notice(away: Client, server: Server) -> None:
    other = replace(away.place, endpoint=server.endpoint, instance_id=away.writer.organization_id)
    here, away.place = away.place, other
    assert await away.command("PING") == (200, {"result": "PONG"})
    assert list(away.upstreams.circuits()) == [here.instance_id]


async def test_keys_that_a_server_does_not_know_say_nothing_about_the_server(
    server: Server, connect: Connect
) -> None:
    client = connect(server, connect_patience_seconds=0.02)
    for n in range(10):
        stranger = Key(client.writer.organization_id, "rg_writer", f"token-{n}")
        assert (await client.command("PING", key=stranger))[0] == 401
    assert client.upstreams.statistics().circuits_opened == 0
    assert await client.command("PING") == (200, {"result": "PONG"})


@dataclass
class Deaf:
    """A server that takes connections and says nothing."""

    endpoint: Endpoint
    open: int = 0
    at_once: int = 0


@asynccontextmanager
async def deaf_server() -> AsyncIterator[Deaf]:
    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        deaf.open += 1
        deaf.at_once = max(deaf.at_once, deaf.open)
        await reader.read()
        deaf.open -= 1
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as listener:
        port = listener.sockets[0].getsockname()[1]
        deaf = Deaf(Endpoint(None, "127.0.0.1", port))
        yield deaf


async def test_one_alone_asks_a_server_that_is_away(server: Server, connect: Connect) -> None:
    client = connect(server, connect_seconds=0.2, connect_patience_seconds=0.3)
    keys = [client.writer, client.reader, client.single]
    async with deaf_server() as deaf:
        client.place = replace(client.place, endpoint=deaf.endpoint)
        await open_circuit(client)
        deaf.at_once = 0
        until_time = time.monotonic() + 2
        while time.monotonic() < until_time:
            asked = await asyncio.gather(*(client.command("PING", key=key) for key in keys))
            assert {status for status, _ in asked} == {503}
            await asyncio.sleep(0.005)
        assert deaf.at_once == 1
        await client.upstreams.close()
