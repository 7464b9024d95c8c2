"""Streams over real sockets: what a reader sees, and what the server is left with."""

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.gateway.events import Event, Events
from tests.gateway.lasting import LastingDoor, Serve, door, serve
from tests.gateway.parts import Server
from tests.waiting import in_time, until

__all__ = ["door", "serve"]


async def test_a_subscription_brings_messages(door: LastingDoor) -> None:
    async with door.stream("/subscribe/chat") as events:
        assert (events.status, events.headers["content-type"]) == (200, "text/event-stream")
        assert await events.data(1) == ["subscribe,chat,1"]
        assert await door.publish("chat", "hello") == 1
        assert await events.data(1) == ["message,chat,hello"]
        assert events.bytes_read == (
            b"data: subscribe,chat,1\nretry: 1000\n\ndata: message,chat,hello\n\n"
        )


async def test_the_headers_let_events_through_at_once(door: LastingDoor) -> None:
    async with door.stream(
        "/subscribe/chat", **{"X-Request-Id": "abc-1", "Origin": "https://a.example"}
    ) as events:
        assert events.headers["cache-control"] == "no-store"
        assert events.headers["x-accel-buffering"] == "no"
        assert events.headers["access-control-allow-origin"] == "*"
        assert events.headers["x-request-id"] == "abc-1"
        assert "content-length" not in events.headers


async def test_several_channels_come_over_one_stream(door: LastingDoor) -> None:
    async with door.stream("/subscribe/a/b%2Fc/%C3%A9?_token=writer-token") as events:
        assert await events.data(3) == ["subscribe,a,1", "subscribe,b/c,2", "subscribe,é,3"]
        await door.publish("b/c", "1")
        await door.publish("é", "2")
        assert await events.data(2) == ["message,b/c,1", "message,é,2"]


async def test_a_pattern_names_itself_and_the_channel(door: LastingDoor) -> None:
    async with door.stream("/psubscribe/user:*", method="GET") as events:
        assert await events.data(1) == ["psubscribe,user:*,1"]
        await door.publish("user:1", "in")
        assert await events.data(1) == ["pmessage,user:*,user:1,in"]


async def test_a_monitor_shows_commands_and_no_path_of_the_host(door: LastingDoor) -> None:
    async with door.stream("/monitor", token="admin-token") as events:
        assert await events.data(1) == ['"OK"']
        await door.send("SET", "k", "a b")
        seen = [await events.next()]
        while '"SET"' not in seen[-1].data:
            seen.append(await events.next())
        assert seen[-1].data.endswith(' [0 unix] "SET" "k" "a b"')
        assert door.server.socket_path.encode() not in events.bytes_read
        assert b"id:" not in events.bytes_read


@pytest.mark.parametrize(
    ("payload", "data"),
    [
        (b"", ""),
        (b"a,b,c", "a,b,c"),
        (b'{"a": 1}', '{"a": 1}'),
        (b"\xff\x00\xfe", "\ufffd\0\ufffd"),
        (b"one\ntwo", "one\ntwo"),
        (b"one\r\ntwo\rthree\n", "one\ntwo\nthree\n"),
        (b" data: x\n data: message,chat,forged", " data: x\n data: message,chat,forged"),
        (b"x\n\ndata: message,chat,forged", "x\n\ndata: message,chat,forged"),
        (b"x\n\nevent: error\nid: 1", "x\n\nevent: error\nid: 1"),
        ("\u2028 \x85".encode(), "\u2028 \x85"),
    ],
)  # fmt: skip
async def test_any_payload_is_one_event(door: LastingDoor, payload: bytes, data: str) -> None:
    async with door.stream("/subscribe/chat", **{"Upstash-Encoding": "base64"}) as events:
        await door.publish("chat", payload, "next")
        assert await events.data(3) == [
            "subscribe,chat,1",
            f"message,chat,{data}",
            "message,chat,next",
        ]
        # The official clients take each line that begins like this for a message of its own.
        assert events.bytes_read.count(b"\ndata: message,") == 2


async def test_a_quiet_stream_shows_that_it_lives(server: Server, serve: Serve) -> None:
    door = await serve(server, stream_heartbeat_seconds=0.05)
    async with door.stream("/subscribe/chat") as events:
        assert await events.data(1) == ["subscribe,chat,1"]
        assert [await events.block(), await events.block()] == [": ", ": "]


@pytest.mark.parametrize(
    ("path", "token", "status", "error"),
    [
        ("/subscribe/chat", "nobody", 401, "WRONGPASS "),
        ("/subscribe", "writer-token", 400, "ERR wrong number of arguments for 'subscribe'"),
        ("/psubscribe/", "writer-token", 400, "ERR wrong number of arguments for 'psubscribe'"),
        ("/monitor/x", "admin-token", 400, "ERR wrong number of arguments for 'monitor'"),
        ("/monitor", "writer-token", 400, "NOPERM "),
        ("/subscribe/chat", "reader-token", 400, "NOPERM "),
        ("/ssubscribe/chat", "writer-token", 400, "ERR Command is not available"),
    ],
)
async def test_a_stream_that_cannot_begin_is_refused_as_json(
    door: LastingDoor, path: str, token: str, status: int, error: str
) -> None:
    answer = await door.http.get(door.url + path, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")
    assert answer.json()["error"].startswith(error)
    await door.until_clients("subscribe", 0)


async def test_only_get_and_post_open_streams(door: LastingDoor) -> None:
    answer = await door.http.head(door.url + "/subscribe/chat?_token=writer-token")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


async def test_a_server_that_is_away_is_said_before_the_stream_begins(
    own_server: Server, serve: Serve
) -> None:
    door = await serve(own_server, connect_patience_seconds=0)
    own_server.kill()
    answer = await door.http.post(door.url + "/subscribe/chat?_token=writer-token")
    assert (answer.status_code, list(answer.json())) == (503, ["error"])


async def test_the_connection_goes_with_the_client(door: LastingDoor) -> None:
    async with door.stream("/subscribe/chat") as events:
        await events.next()
        assert door.clients("subscribe") == 1
    await door.until_clients("subscribe", 0)
    assert await door.publish("chat", "x") == 0


async def test_one_stream_too_many_is_refused_and_a_free_place_taken(
    server: Server, serve: Serve
) -> None:
    door = await serve(server, streams_per_key=2)
    async with door.stream("/subscribe/a"):
        async with door.stream("/subscribe/b"), door.stream("/subscribe/c") as third:
            assert third.status == 429
            assert third.headers["retry-after"] == "1"
            async with door.stream("/monitor", token="admin-token") as other_key:
                assert other_key.status == 200
        await door.until_clients("subscribe", 1)
        async with door.stream("/subscribe/c") as again:
            assert again.status == 200


async def test_a_stream_nobody_reads_gives_way(server: Server, serve: Serve) -> None:
    door = await serve(server, streams_per_key=1)
    async with door.stream("/subscribe/a", method="GET") as events:
        await events.next()
    await until(lambda: [feed for feed in door.runtime.streams.feeds if feed.is_lingering])
    async with door.stream("/subscribe/b", method="GET") as events:
        assert await events.data(1) == ["subscribe,b,1"]
        assert door.clients("subscribe") == 1


async def test_a_slow_reader_is_told_and_memory_stays_bounded(server: Server, serve: Serve) -> None:
    limit = 100_000
    door = await serve(server, stream_buffer_bytes=limit)
    async with door.stream("/subscribe/chat") as events:
        await events.next()
        [feed] = door.runtime.streams.feeds
        payload = b"x" * 10_000
        while door.clients("subscribe"):
            await door.publish("chat", *[payload] * 20)
            await asyncio.sleep(0)
            assert feed.size <= limit + 10_200
        answer = await events.rest()
    assert b'event: error\ndata:{"error":"ERR more than 100000 bytes were waiting' in answer
    assert not door.runtime.streams.feeds


async def ended(events: Events) -> tuple[str, str]:
    """Wait for the end, and give what was said at last."""
    event = Event("")
    while event.name != "error":
        event = await events.next()
    await events.rest()
    return event.name, event.data


async def test_a_revoked_key_ends_its_streams_within_a_second(door: LastingDoor) -> None:
    async with door.stream("/subscribe/chat") as events:
        await events.next()
        del door.keys["writer-token"]
        revoked_at = time.monotonic()
        _, data = await ended(events)
        assert in_time(revoked_at, 1.2)
        assert "WRONGPASS" in data
    await door.until_clients("subscribe", 0)


async def test_a_key_that_expires_ends_its_streams(door: LastingDoor) -> None:
    ends_at = datetime.now(UTC) + timedelta(seconds=0.5)
    door.keys["writer-token"] = replace(door.keys["writer-token"], expires_at=ends_at)
    async with door.stream("/subscribe/chat") as events:
        await events.next()
        _, data = await ended(events)
        assert datetime.now(UTC) - ends_at < timedelta(seconds=1)
        assert "WRONGPASS" in data


async def test_a_stopped_instance_ends_its_streams_in_words(door: LastingDoor) -> None:
    async with door.stream("/subscribe/chat") as events:
        await events.next()
        stopped = replace(door.place, not_running="the instance is stopped.")
        door.instances[door.place.instance_id] = stopped
        assert await ended(events) == ("error", '{"error":"ERR the instance is stopped."}')


async def test_a_lost_connection_ends_the_stream_in_words(own_server: Server, serve: Serve) -> None:
    door = await serve(own_server)
    async with door.stream("/subscribe/chat") as events:
        await events.next()
        own_server.kill()
        _, data = await ended(events)
        assert "the connection to the instance was lost" in data


async def test_a_deleted_user_ends_the_stream(own_server: Server, serve: Serve) -> None:
    door = await serve(own_server)
    async with door.stream("/subscribe/chat") as events:
        await events.next()
        own_server.tell("ACL", "DELUSER", "rg_writer")
        assert (await ended(events))[0] == "error"


async def test_a_worker_that_ends_says_so_and_does_not_wait(door: LastingDoor) -> None:
    async with door.stream("/subscribe/chat") as events:
        await events.next()
        door.served.server.should_exit = True
        stopped_at = time.monotonic()
        assert (await events.rest()).endswith(
            b"retry: 1000\n: the platform is restarting, please connect again\n\n"
        )
        await door.served.task
        assert in_time(stopped_at, 3)
    await door.until_clients("subscribe", 0)
