"""Clients that go at any moment leave nothing behind of what lasts."""

import asyncio
import random

import pytest

from tests.gateway.lasting import LastingDoor, door, serve
from tests.waiting import until

__all__ = ["door", "serve"]

CLIENTS = 60
MILLISECONDS_MAX = 30


async def ask_and_go(door: LastingDoor, head: str, pause_seconds: float) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", door.port)
    path = f"/redis/{door.place.instance_id}"
    writer.write(head.format(path=path).encode())
    await asyncio.sleep(pause_seconds)
    if random.random() < 0.5:
        writer.transport.abort()
    writer.close()


@pytest.mark.parametrize(
    "head",
    [
        "POST {path}/subscribe/chat?_token=writer-token HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET {path}/monitor?_token=admin-token HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET {path}/blpop/k/0?_token=writer-token HTTP/1.1\r\nHost: x\r\n"
        "Redisgate-Block: 9999\r\n\r\n",
    ],
)
async def test_a_client_may_go_at_any_moment(door: LastingDoor, head: str) -> None:
    before = len(door.server.admin().client_list())
    moments = (random.uniform(0, MILLISECONDS_MAX / 1000) for _ in range(CLIENTS))
    await asyncio.gather(*(ask_and_go(door, head, moment) for moment in moments))

    await until(lambda: not door.runtime.streams.feeds and not door.runtime.waits.count)
    await until(lambda: len(door.server.admin().client_list()) <= before)
    assert (await door.send("RPUSH", "k", "x")).json() == {"result": 1}
