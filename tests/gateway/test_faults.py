"""Bad networks and rude clients, through the doors: no foreign reply, and nothing runs twice."""

import asyncio
import os
import random
from collections import Counter
from uuid import uuid4

import pytest

from gateway.limits import Limits
from instances.spec import Endpoint
from redisgate.lib.http_protocol import HttpProtocol
from tests.gateway.doors import Caller, Door, each_door, open_door
from tests.gateway.fault_proxy import FAULTS, fault_proxy
from tests.gateway.parts import Server
from tests.waiting import until

CLIENTS = 32
SIZE = int(os.environ.get("TEST_SIZE", "1"))
"""Multiply the number of requests by this, for a night's run."""

LIMITS = Limits(command_seconds=0.3, connect_seconds=0.3, connect_patience_seconds=1)


async def ask(door: Door, rounds: int) -> tuple[Counter[int], dict[str, int]]:
    """Ask for nonces and count with counters of one use; give the statuses, and by counter."""
    statuses: Counter[int] = Counter()
    counted: dict[str, int] = {}

    async def client() -> None:
        caller = await door.caller()
        for _ in range(rounds):
            nonce = uuid4().hex
            status, answer = await caller.call("ECHO", nonce)
            statuses[status] += 1
            assert isinstance(answer, dict)
            assert answer == {"result": nonce} if status == 200 else list(answer) == ["error"]
            counted[nonce], answer = await caller.call("INCR", nonce)
            assert counted[nonce] != 200 or answer == {"result": 1}

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return statuses, counted


@each_door
@pytest.mark.parametrize("fault", FAULTS)
async def test_no_reply_goes_to_another_and_nothing_runs_twice(
    protocol: type[HttpProtocol], fault: str, server: Server
) -> None:
    async with (
        fault_proxy(server.socket_path, FAULTS[fault], seed=SIZE) as proxy,
        open_door(protocol, Endpoint(None, "127.0.0.1", proxy.port), LIMITS) as door,
    ):
        statuses, counted = await ask(door, rounds=12 * SIZE)
    assert statuses[200] > CLIENTS
    assert set(statuses) <= {200, 502, 503, 504}
    names = list(counted)
    values = zip(names, server.admin().mget(*names), strict=True)
    ran = {(counted[name], value) for name, value in values}
    # What was answered ran once, what "was not sent" never, and of the rest nobody knows.
    assert ran <= {(200, b"1"), (503, None)} | {(s, v) for s in (502, 504) for v in (b"1", None)}


def writers(server: Server) -> int:
    return sum(1 for it in server.admin().client_list() if it["user"] == "rg_writer")


@each_door
async def test_clients_that_hang_up_anywhere_leave_nothing_behind(
    protocol: type[HttpProtocol], server: Server
) -> None:
    chance = random.Random(SIZE)

    async def rude(caller: Caller) -> None:
        request = caller.door.request("INCR", "rude") * chance.choice((1, 3))
        caller.wire.writer.write(request[: chance.randrange(1, len(request) + 1)])
        if chance.random() < 0.5:
            await asyncio.sleep(chance.random() * 0.01)
        caller.wire.vanish()

    async with open_door(protocol, server) as door:
        polite = await door.caller()
        assert (await polite.call("PING"))[0] == 200
        files_before = len(os.listdir("/proc/self/fd"))
        for _ in range(15 * SIZE):
            callers = [await door.caller() for _ in range(20)]
            await asyncio.gather(*(rude(caller) for caller in callers))
            assert (await polite.call("PING"))[0] == 200
        for _ in range(2000 * SIZE):
            nonce = uuid4().hex
            assert await polite.call("ECHO", nonce) == (200, {"result": nonce})
        assert writers(server) == 1
        await until(lambda: len(os.listdir("/proc/self/fd")) <= files_before)
        assert door.runtime.upstreams.statistics().connections_opened == 1


@each_door
async def test_late_replies_are_dropped_and_late_commands_run_once(
    protocol: type[HttpProtocol], server: Server
) -> None:
    """Hold every write back until nobody waits any more."""
    async with open_door(protocol, server, LIMITS) as door:
        callers = [await door.caller() for _ in range(CLIENTS)]
        assert (await callers[0].call("PING"))[0] == 200
        server.tell("CLIENT", "PAUSE", "600000", "WRITE")
        answers = await asyncio.gather(*(caller.call("INCR", "late") for caller in callers))
        assert {status for status, _ in answers} == {504}
        server.tell("CLIENT", "UNPAUSE")
        await until(lambda: server.admin().get("late") == str(CLIENTS).encode())
        for caller in callers:
            nonce = uuid4().hex
            assert await caller.call("ECHO", nonce) == (200, {"result": nonce})
        assert server.admin().get("late") == str(CLIENTS).encode()
