"""Replies above the bounds: their commands are told which one, and the others get their own."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import orjson
import pytest

from gateway.errors import BrokenReply
from instances.spec import Endpoint
from tests.gateway.fault_proxy import delay, fault_proxy
from tests.gateway.parts import Client, Connect, Server
from tests.waiting import until

MEGABYTES = 8


@pytest.fixture
def big(server: Server) -> str:
    """A value of some megabytes."""
    server.admin().set("big", b"x" * MEGABYTES * 1_000_000)
    return "big"


@pytest.fixture
def narrow_server(server: Server) -> Iterator[Server]:
    """A server with little room for its connections."""
    before = server.admin().config_get("maxmemory-clients")["maxmemory-clients"] or "0"
    server.tell("CONFIG", "SET", "maxmemory-clients", "3mb")
    yield server
    server.tell("CONFIG", "SET", "maxmemory-clients", before)


async def test_a_pipelines_replies_above_the_bound_harm_nobody_behind_it(
    server: Server, connect: Connect
) -> None:
    client = connect(server, response_bytes=1_000_000)
    server.admin().set("part", b"x" * 150_000)
    parts = orjson.dumps([["GET", "part"]] * 20)
    (status, answer), *others = await asyncio.gather(
        client.send(path="/pipeline", body=parts),
        *(client.command("ECHO", str(n)) for n in range(50)),
    )
    assert (status, "Limit: 1000000 bytes" in str(answer)) == (400, True)
    assert others == [(200, {"result": str(n)}) for n in range(50)]
    assert client.upstreams.statistics().connections_lost == 0


async def test_one_reply_above_the_bound_leaves_what_was_behind_it_unknown(
    big: str, server: Server, connect: Connect
) -> None:
    client = connect(server, response_bytes=1_000_000)
    (status, answer), (behind, words) = await asyncio.gather(
        client.command("GET", big), client.command("INCR", "n")
    )
    assert (status, "Limit: 1000000 bytes" in str(answer)) == (400, True)
    assert (behind, "another command's reply" in str(words)) == (502, True)
    assert await client.command("PING") == (200, {"result": "PONG"})


async def test_what_comes_while_a_large_reply_is_on_its_way_takes_another_connection(
    big: str, server: Server, client: Client
) -> None:
    async with fault_proxy(server.socket_path, delay, seed=1) as proxy:
        client.place = replace(client.place, endpoint=Endpoint(None, "127.0.0.1", proxy.port))
        large = asyncio.create_task(client.raw(b"GET", big.encode()))
        statistics = client.upstreams.statistics
        pings = []
        while statistics().connections_opened < 2:
            pings.append(asyncio.create_task(client.command("PING")))
            await asyncio.sleep(0.01)
        assert await pings[-1] == (200, {"result": "PONG"})
        assert not large.done()
        assert {status for status, _ in await asyncio.gather(*pings)} == {200}
        assert await large == b"x" * MEGABYTES * 1_000_000
        await until(lambda: statistics().connections_active == 1)
        await client.upstreams.close()


async def test_a_reply_that_the_server_cuts_off_names_the_servers_bound(
    big: str, narrow_server: Server, connect: Connect
) -> None:
    client = connect(narrow_server)
    with pytest.raises(BrokenReply, match="more than a tenth of the instance's memory"):
        await client.raw(b"GET", big.encode())
    assert await client.command("PING") == (200, {"result": "PONG"})


async def test_a_reply_that_never_began_names_the_servers_bound_too(
    narrow_server: Server, connect: Connect
) -> None:
    client = connect(narrow_server)
    for _ in range(100):
        await client.raw(b"RPUSH", b"list", *[b"x" * 10_000] * 8)
    status, answer = await client.command("LRANGE", "list", "0", "-1")
    assert (status, "more than a tenth of the instance's memory" in str(answer)) == (502, True)
    assert await client.command("PING") == (200, {"result": "PONG"})
