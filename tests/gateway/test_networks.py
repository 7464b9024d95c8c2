"""Keys for some networks: through both doors, whatever headers say about the address."""

import time
from dataclasses import replace

import pytest

from gateway import summing
from tests.gateway.doors import WRITER, Door, door, each_door, open_door, port
from tests.gateway.lasting import LastingDoor, Serve, serve
from tests.gateway.lasting import door as lasting_door
from tests.gateway.parts import Server
from tests.gateway.test_counting import NOW
from tests.waiting import in_time, until

__all__ = ["door", "lasting_door", "port", "serve"]

NETWORKS = ("203.0.113.0/24", "2001:db8::/32")
INSIDE = ["203.0.113.9", "198.51.100.7, 203.0.113.9", "2001:db8::1", "::ffff:203.0.113.9"]
OUTSIDE = [
    "",
    "198.51.100.7",
    "203.0.113.9, 198.51.100.7",
    "203.0.113.9, unknown",
    "2001:db9::1",
    "203.0.114.1",
    "10.0.0.1",
    "203.0.113.0/24",
    "x" * 300,
]
CLAIMS = ["X-Real-IP", "X-Client-IP", "Forwarded", "CF-Connecting-IP", "True-Client-IP"]


def limit(door: Door, networks: tuple[str, ...] = NETWORKS) -> None:
    door.keys[WRITER] = replace(door.keys[WRITER], networks=networks)


@pytest.mark.asyncio(loop_scope="module")
async def test_only_the_true_address_counts(door: Door) -> None:
    limit(door)
    for forwarded in INSIDE:
        answer = await door.post("", ["PING"], **{"X-Forwarded-For": forwarded})
        assert answer.status == 200, forwarded
    for forwarded in OUTSIDE:
        named = {"X-Forwarded-For": forwarded} if forwarded else {}
        answer = await door.post("", ["PING"], **named)
        assert answer.status == 403, forwarded
        assert answer.error.startswith("NOPERM this API key can't be used from the address ")
    for name in CLAIMS:
        answer = await door.post("", ["PING"], **{name: "203.0.113.9"})
        assert answer.status == 403, name
    assert "127.0.0.1" in answer.error


@pytest.mark.asyncio(loop_scope="module")
async def test_an_equal_head_from_elsewhere_is_judged_anew(door: Door) -> None:
    """The same bytes again and again, so that nothing is left to read of them."""
    whole = door.posted("", ["PING"], "X-Forwarded-For: 203.0.113.9")
    async with door.wire() as wire:
        for _ in range(3):
            assert (await wire.exchange(whole)).status == 200
        limit(door, ("198.51.100.0/24",))
        began_at = time.monotonic()
        while (await wire.exchange(whole)).status == 200:
            assert in_time(began_at, 1)
        for _ in range(3):
            assert (await wire.exchange(whole)).status == 403


@pytest.mark.asyncio(loop_scope="module")
async def test_a_refused_attempt_is_an_error_and_no_use(door: Door) -> None:
    limit(door)
    await door.post("", ["PING"])
    taken = door.runtime.counting.take()
    amounts, last = summing.usage_of(taken, NOW)
    [used] = amounts.values()
    assert (used.requests, used.commands, used.errors) == (1, 0, 1)
    assert last == {}


@each_door
async def test_a_proxy_that_nobody_trusts_says_nothing(
    protocol: type, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "192.0.2.1")
    async with open_door(protocol, server) as door:
        limit(door)
        answer = await door.post("", ["PING"], **{"X-Forwarded-For": "203.0.113.9"})
        assert answer.status == 403


async def test_a_stream_ends_where_its_reader_may_not_be_any_more(
    lasting_door: LastingDoor, serve: Serve
) -> None:
    door = lasting_door
    limit(door, ("127.0.0.0/8",))
    async with door.stream("/subscribe/chat") as events:
        assert await events.data(1) == ["subscribe,chat,1"]
        limit(door)
        began_at = time.monotonic()
        assert "can't be used from the address 127.0.0.1" in (await events.next()).data
        assert in_time(began_at, 1)
    await until(lambda: not door.runtime.streams.feeds)
