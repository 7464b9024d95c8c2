"""Streams that go on where they were."""

import orjson
import pytest

from tests.gateway.events import Event
from tests.gateway.lasting import LastingDoor, Serve, door, serve
from tests.gateway.parts import Server
from tests.waiting import until

__all__ = ["door", "serve"]


async def leave_after(door: LastingDoor, path: str, *payloads: str) -> Event:
    """Read a stream for a while, go, and return the last event that came."""
    async with door.stream(path, method="GET") as events:
        event = await events.next()
        for payload in payloads:
            await door.publish("chat", payload)
            event = await events.next()
    [feed] = door.runtime.streams.feeds
    await until(lambda: feed.is_lingering)
    return event


async def test_what_came_meanwhile_is_replayed_once_and_in_order(door: LastingDoor) -> None:
    last = await leave_after(door, "/subscribe/chat", "1", "2")
    assert await door.publish("chat", "3", "4") == 1
    async with door.stream("/subscribe/chat", **{"Last-Event-ID": last.id}) as events:
        assert await events.data(2) == ["message,chat,3", "message,chat,4"]
        await door.publish("chat", "5")
        assert await events.data(1) == ["message,chat,5"]
        assert door.clients("subscribe") == 1


async def test_a_reader_that_read_less_than_it_was_sent_says_so(door: LastingDoor) -> None:
    first = await leave_after(door, "/subscribe/chat")
    await door.publish("chat", "1", "2")
    async with door.stream("/subscribe/chat", **{"Last-Event-ID": first.id}) as events:
        assert await events.data(2) == ["message,chat,1", "message,chat,2"]


async def test_a_later_connection_takes_the_stream_over(door: LastingDoor) -> None:
    async with door.stream("/psubscribe/c*", method="GET") as old:
        begun = await old.next()
        async with door.stream("/psubscribe/c*", **{"Last-Event-ID": begun.id}) as events:
            assert (await old.rest()).endswith(b": this stream goes on over a later connection\n\n")
            await door.publish("chat", "1")
            assert await events.data(1) == ["pmessage,c*,chat,1"]


async def gap_of(door: LastingDoor, path: str, last_id: str, **rest: str) -> object:
    """Come back, and give what the gap says; the subscription is a fresh one."""
    async with door.stream(path, method="GET", **{"Last-Event-ID": last_id}, **rest) as events:
        event = await events.next()
        assert event.name == "gap"
        return orjson.loads(event.data)


async def test_what_is_too_old_is_a_gap_and_the_rest_is_replayed(
    server: Server, serve: Serve
) -> None:
    door = await serve(server, stream_buffer_bytes=1000)
    last = await leave_after(door, "/subscribe/chat", "1")
    await door.publish("chat", *map(str, range(100)))
    async with door.stream("/subscribe/chat", **{"Last-Event-ID": last.id}) as events:
        gap = await events.next()
        missed = orjson.loads(gap.data)["missed"]
        assert (gap.name, orjson.loads(gap.data)) == (
            "gap",
            {"last_event_id": last.id, "missed": missed},
        )
        assert await events.data(100 - missed) == [f"message,chat,{n}" for n in range(missed, 100)]


@pytest.mark.parametrize("last_id", ["0123456789abcdef-1", "junk", "x" * 5000, "é"])
async def test_an_id_that_says_nothing_is_a_gap(door: LastingDoor, last_id: str) -> None:
    gap = await gap_of(door, "/subscribe/chat", last_id)
    assert gap == {"last_event_id": last_id[:64], "missed": None}


async def test_another_path_key_or_instance_goes_on_with_nothing(door: LastingDoor) -> None:
    last = await leave_after(door, "/subscribe/chat")
    unknown = {"last_event_id": last.id, "missed": None}
    assert await gap_of(door, "/subscribe/other", last.id) == unknown
    assert await gap_of(door, "/subscribe/chat", last.id, token="admin-token") == unknown
    beyond = last.id.replace("-1", "-99")
    assert await gap_of(door, "/subscribe/chat", beyond) == {**unknown, "last_event_id": beyond}


async def test_nobody_waits_for_a_reader_for_ever(server: Server, serve: Serve) -> None:
    door = await serve(server, stream_linger_seconds=0.1)
    last = await leave_after(door, "/subscribe/chat")
    await door.until_clients("subscribe", 0)
    assert await gap_of(door, "/subscribe/chat", last.id) is not None


async def test_only_readers_that_may_come_back_get_ids(door: LastingDoor) -> None:
    async with door.stream("/subscribe/chat", method="POST") as events:
        assert (await events.next()).id == ""
    await door.until_clients("subscribe", 0)
    async with door.stream("/subscribe/chat", method="POST", **{"Last-Event-ID": ""}) as events:
        assert (await events.next()).id != ""


async def test_a_revoked_key_cannot_go_on(door: LastingDoor) -> None:
    last = await leave_after(door, "/subscribe/chat")
    del door.keys["writer-token"]
    await door.until_clients("subscribe", 0)
    assert not door.runtime.streams.feeds
    headers = {"Authorization": "Bearer writer-token", "Last-Event-ID": last.id}
    answer = await door.http.get(door.url + "/subscribe/chat", headers=headers)
    assert answer.status_code == 401
