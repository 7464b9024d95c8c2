"""Hard inputs 14 to 19 through every door: what scripts and sizes do to a server and a worker."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio
import redis

from gateway.limits import Limits
from redisgate.lib.units import MEGABYTE
from tests.gateway.doors import OPERATOR, Door, opened, port
from tests.gateway.parts import Server
from tests.waiting import until

__all__ = ["port"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

LIMITS = Limits(response_bytes=20 * MEGABYTE)
# A second for a command, so that giving up is quick to see.
IMPATIENT = replace(LIMITS, command_seconds=1)
FIELDS, CHUNK = 1_000_000, 50_000


@pytest_asyncio.fixture(loop_scope="module")
async def doors(port: int, own_server: Server, server: Server) -> AsyncIterator[list[Door]]:
    """Give the door of an instance that is treated badly, and of one beside it."""
    async with opened(port, [own_server, server], LIMITS) as doors:
        yield doors


@pytest_asyncio.fixture(loop_scope="module")
async def impatient_doors(
    port: int, own_server: Server, server: Server
) -> AsyncIterator[list[Door]]:
    async with opened(port, [own_server, server], IMPATIENT) as doors:
        yield doors


async def p99_seconds(door: Door, requests: int = 100) -> float:
    """Take the time of one request after the other."""
    times = []
    for _ in range(requests):
        began_at = time.perf_counter()
        assert await door.is_right()
        times.append(time.perf_counter() - began_at)
    return sorted(times)[int(requests * 0.99) - 1]


def is_busy(server: Server) -> bool:
    """Tell whether a script runs that was told to end."""
    try:
        server.tell("PING")
    except redis.ResponseError:
        return True
    return False


async def test_an_endless_script_is_given_up_and_hurts_no_other_instance(
    impatient_doors: list[Door], own_server: Server
) -> None:
    stuck, other = impatient_doors
    endless = asyncio.create_task(stuck.command("EVAL", "while true do end", "0"))
    assert await p99_seconds(other, 20) < IMPATIENT.command_seconds
    given_up = await endless
    assert given_up.status == 504
    assert given_up.error.startswith("ERR the command took longer than 1 seconds")
    refused = await stuck.command("GET", "a")
    assert (refused.status, refused.error[:5]) == (400, "BUSY ")
    assert await other.is_right()

    killed = await stuck.command("SCRIPT", "KILL", token=OPERATOR)

    assert killed.json == {"result": "OK"}
    await until(lambda: not is_busy(own_server))
    assert await stuck.is_right()


async def test_an_endless_script_that_has_written_is_refused_everywhere_else(
    impatient_doors: list[Door], own_server: Server
) -> None:
    stuck, other = impatient_doors
    script = "redis.call('SET','a','1') while true do end"
    assert (await stuck.command("EVAL", script, "0")).status == 504
    unkillable = await stuck.command("SCRIPT", "KILL", token=OPERATOR)
    assert (unkillable.status, unkillable.error[:10]) == (400, "UNKILLABLE")
    assert await other.is_right()
    own_server.kill()
    own_server.start()
    assert await stuck.is_right()


CYCLIC = "local t = {} t[1] = t return t"
CYCLIC_MAP = "redis.setresp(3) local t = {} t.map = {a = t} return t"


@pytest.mark.parametrize("script", [CYCLIC, CYCLIC_MAP], ids=["array", "map"])
@pytest.mark.parametrize("path", ["", "/pipeline", "/multi-exec"])
async def test_a_cyclic_table_is_refused_in_words(
    doors: list[Door], script: str, path: str
) -> None:
    door = doors[0]
    command = ["EVAL", script, "0"]
    answer = await door.post(path, [command] if path else command)
    assert answer.status in {200, 400}
    assert b'{"error":"ERR ' in answer.body
    assert await door.is_right()


INJECTIONS = [
    "return redis.error_reply('x\\0\\r\\n+INJ')",
    "return redis.error_reply('x\\r\\n$-1')",
    "return redis.status_reply('x\\r\\n+INJ')",
    "return {ok='x\\r\\n+INJ'}",
    "return {err='x\\n-INJ\\r\\n:1'}",
    "return {err=''}",
    "error({err='x\\r\\n+INJ'})",
    "return {redis.error_reply('a\\r\\n+INJ'), 'b'}",
]


@pytest.mark.parametrize("script", INJECTIONS)
async def test_a_script_injects_nothing_into_other_replies(doors: list[Door], script: str) -> None:
    door = doors[0]
    command = ["EVAL", script, "0"]
    beside = [asyncio.create_task(door.is_right()) for _ in range(10)]
    single = await door.post("", command)
    batch = await door.post("/pipeline", [["ECHO", "1"], command, ["ECHO", "2"]])
    assert single.status in {200, 400}
    assert batch.status == 200
    assert isinstance(batch.json, list)
    assert [batch.json[0], batch.json[2]] == [{"result": "1"}, {"result": "2"}]
    assert all(await asyncio.gather(*beside))
    assert await door.is_right()


async def test_half_a_gigabyte_is_not_read_into_the_worker(
    doors: list[Door], own_server: Server
) -> None:
    door, other = doors
    answer = await door.command("SETRANGE", "k", "536870911", "x")
    assert answer.json == {"result": 536870912}
    reading = asyncio.create_task(door.command("GET", "k"))
    assert await other.is_right()
    refused = await reading
    assert refused.status == 400
    assert refused.error.endswith("max response size exceeded. Limit: 20971520 bytes.")
    assert await door.is_right()
    assert await door.result("GETRANGE", "k", "536870911", "-1") == "x"


async def test_a_client_that_reads_a_million_fields_slowly_hurts_nobody(
    port: int, own_server: Server, server: Server
) -> None:
    for first in range(0, FIELDS, CHUNK):
        own_server.tell("HSET", "h", *(str(n // 2) for n in range(2 * first, 2 * (first + CHUNK))))
    async with opened(port, [own_server, server], Limits()) as [door, other]:
        async with door.wire() as slow:
            await slow.send(door.head("GET", "/hgetall/h"))
            assert (await slow.reader.readexactly(12)).startswith(b"HTTP/1.1 200")
            # Nobody reads on, so all buffers on the way are full.
            assert await p99_seconds(other) < 0.5
            assert len(await slow.reader.readexactly(1)) == 1
            assert await door.is_right()
            slow.vanish()
        assert await door.is_right()


async def test_a_key_that_may_not_is_told_so_at_its_place_among_a_thousand(
    doors: list[Door],
) -> None:
    door = doors[0]
    commands = [["GET", "a"] for _ in range(1000)]
    commands[499] = ["SET", "a", "1"]
    answer = await door.post("/pipeline", commands, "reader-token")
    assert answer.status == 200
    assert isinstance(answer.json, list)
    errors = [place for place, each in enumerate(answer.json) if "error" in each]
    assert (len(answer.json), errors) == (1000, [499])
    discarded = await door.post("/multi-exec", commands, "reader-token")
    assert (discarded.status, discarded.error[:9]) == (400, "EXECABORT")
    assert await door.is_right()
