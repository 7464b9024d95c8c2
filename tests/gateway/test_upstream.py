"""Multiplexing on a real server: order, slowness, loss, and never twice."""

import asyncio
import signal
import time
from itertools import islice
from uuid import uuid4

import orjson
import pytest

from gateway.dialing import pauses
from gateway.errors import CommandTimeout, UnknownOutcome
from instances.spec import Endpoint
from tests.gateway.parts import Client, Connect, Key, Place, Server
from tests.waiting import in_time, until

BUSY_SCRIPT = (
    "local t0=redis.call('time') local a=t0[1]*1000000+t0[2] "
    "repeat local t=redis.call('time') until t[1]*1000000+t[2]-a > ARGV[1]*1000 return 'late'"
)


@pytest.fixture
async def quick(server: Server, connect: Connect) -> Client:
    """A client that gives a command up after 0.2 s."""
    return connect(server, command_seconds=0.2)


def connections(server: Server, user: str = "rg_writer") -> int:
    clients = server.admin().client_list()
    return sum(1 for connection in clients if connection["user"] == user)


def paused_clients(server: Server) -> int:
    return int(server.admin().info("clients")["blocked_clients"])


async def test_many_requests_share_one_connection_and_get_their_own_replies(
    client: Client, server: Server
) -> None:
    async def ask() -> bool:
        nonce = uuid4().hex
        return await client.command("ECHO", nonce) == (200, {"result": nonce})

    assert all(await asyncio.gather(*(ask() for _ in range(3000))))
    assert connections(server) == 1


async def test_singles_pipelines_and_transactions_never_mix(client: Client) -> None:
    async def batch(path: str) -> bool:
        nonces = [uuid4().hex for _ in range(20)]
        body = orjson.dumps([["ECHO", nonce] for nonce in nonces])
        status, answer = await client.send(path=path, body=body)
        return status == 200 and answer == [{"result": nonce} for nonce in nonces]

    async def single() -> bool:
        return await client.command("PING") == (200, {"result": "PONG"})

    kinds = [single(), batch("/pipeline"), batch("/multi-exec")]
    kinds += [call for _ in range(100) for call in (single(), batch("/multi-exec"), single())]
    assert all(await asyncio.gather(*kinds))


async def test_large_values_come_back_whole_beside_small_ones(client: Client) -> None:
    values = [bytes([65 + n]) * (n * 400_000 + 1) for n in range(12)]

    async def echo(value: bytes) -> bool:
        return await client.raw(b"ECHO", value) == value

    assert all(await asyncio.gather(*(echo(value) for value in values * 2)))


async def test_the_readers_and_the_writers_keys_have_connections_of_their_own(
    client: Client, server: Server
) -> None:
    assert (await client.command("SET", "a", "1"))[0] == 200
    status, answer = await client.command("SET", "a", "2", key=client.reader)
    assert (status, "NOPERM" in str(answer)) == (400, True)
    assert connections(server, "rg_reader") == 1


async def test_a_transaction_that_may_not_begin_runs_nothing(client: Client) -> None:
    body = orjson.dumps([["ECHO", "a"], ["GET", "b"]])
    status, answer = await client.send(path="/multi-exec", body=body, key=client.single)
    assert status == 400
    assert isinstance(answer, dict)
    assert answer["error"].startswith("NOPERM")
    assert "multi" in answer["error"]


async def test_a_late_reply_is_given_to_nobody_else(quick: Client) -> None:
    slow = asyncio.create_task(quick.raw(b"EVAL", BUSY_SCRIPT.encode(), b"0", b"500"))
    await asyncio.sleep(0)
    behind = asyncio.create_task(quick.raw(b"ECHO", b"behind"))
    with pytest.raises(CommandTimeout):
        await slow
    with pytest.raises(CommandTimeout):
        await behind
    await until_answers(quick)
    for _ in range(100):
        nonce = uuid4().bytes
        assert await quick.raw(b"ECHO", nonce) == nonce


async def test_a_stuck_script_does_not_hold_up_its_key(quick: Client, server: Server) -> None:
    status, answer = await quick.command("EVAL", "while true do end", "0")
    assert status == 504
    assert isinstance(answer, dict)
    assert answer["error"].endswith("It is unknown whether it ran.")
    try:
        # The server's own answer: the command waited for nobody's turn.
        status, answer = await quick.command("GET", "a")
        assert isinstance(answer, dict)
        assert (status, answer["error"][:4]) == (400, "BUSY")
    finally:
        server.admin().script_kill()
    await until_answers(quick)


async def until_answers(client: Client) -> None:
    deadline = time.monotonic() + 10
    while (await client.command("PING"))[0] != 200:
        assert time.monotonic() < deadline


async def test_a_paused_server_gives_a_clear_timeout_and_each_command_runs_at_most_once(
    quick: Client, server: Server
) -> None:
    await quick.command("SET", "n", "0")
    server.tell("CLIENT", "PAUSE", "600000", "WRITE")
    answers = await asyncio.gather(*(quick.command("INCR", "n") for _ in range(50)))
    assert {status for status, _ in answers} == {504}
    server.tell("CLIENT", "UNPAUSE")
    await until_answers(quick)
    assert await quick.command("GET", "n") == (200, {"result": "50"})


async def test_a_caller_that_leaves_does_not_shift_the_replies(client: Client) -> None:
    await client.command("PING")
    leaving = [asyncio.create_task(client.raw(b"ECHO", b"gone")) for _ in range(50)]
    staying = asyncio.create_task(client.raw(b"ECHO", b"here"))
    await asyncio.sleep(0)
    for task in leaving:
        task.cancel()
    assert await staying == b"here"


async def test_a_reply_above_the_cap_ends_that_connection_only(
    server: Server, connect: Connect
) -> None:
    client = connect(server, response_bytes=100_000)
    await client.raw(b"SET", b"big", b"x" * 1_000_000)
    status, answer = await client.command("GET", "big")
    assert (status, "max response size exceeded" in str(answer)) == (400, True)
    assert await client.command("PING") == (200, {"result": "PONG"})


async def test_a_cyclic_table_ends_that_connection_only(client: Client, server: Server) -> None:
    status, answer = await client.command("EVAL", "local t={} t[1]=t return t", "0")
    assert (status, "can't be read" in str(answer)) == (400, True)
    assert await client.command("PING") == (200, {"result": "PONG"})
    await until(lambda: connections(server) == 1)


async def test_too_much_under_way_is_refused_unsent(server: Server, connect: Connect) -> None:
    client = connect(server, outstanding_bytes=1000)
    await client.command("PING")
    answers = await asyncio.gather(*(client.command("ECHO", "x" * 300) for _ in range(10)))
    statuses = [status for status, _ in answers]
    assert statuses.count(200) == 3
    assert statuses.count(503) == 7
    assert await client.command("PING") == (200, {"result": "PONG"})


async def test_an_idle_connection_is_closed_and_opened_again(
    server: Server, connect: Connect
) -> None:
    client = connect(server, idle_seconds=0.1, command_seconds=0.4)
    await client.command("PING")
    assert connections(server) == 1
    await until(lambda: connections(server) == 0)
    assert await client.command("PING") == (200, {"result": "PONG"})


async def test_commands_wait_for_a_server_that_is_coming_back(
    own_server: Server, connect: Connect
) -> None:
    client = connect(own_server, connect_patience_seconds=10)
    await client.command("PING")
    own_server.kill()
    waiting = asyncio.create_task(client.command("INCR", "n"))
    await asyncio.to_thread(own_server.start)
    back_at = time.monotonic()
    assert await waiting == (200, {"result": 1})
    assert in_time(back_at, 0.8)


def test_pauses_between_attempts_grow_to_half_a_second() -> None:
    assert list(islice(pauses(), 7)) == [0.05, 0.1, 0.2, 0.4, 0.5, 0.5, 0.5]


async def test_patience_with_a_server_that_is_away_ends_in_time(
    own_server: Server, connect: Connect
) -> None:
    own_server.kill()
    client = connect(own_server, connect_patience_seconds=0.3)
    began_at = time.monotonic()
    assert (await client.command("PING"))[0] == 503
    assert time.monotonic() - began_at >= 0.3
    assert in_time(began_at, 1)


async def test_a_server_that_hangs_gives_answers_and_recovers(
    own_server: Server, connect: Connect
) -> None:
    client = connect(
        own_server, command_seconds=1.5, connect_seconds=0.1, connect_patience_seconds=0.02
    )
    await until_answers(client)
    assert own_server.process is not None
    own_server.process.send_signal(signal.SIGSTOP)
    calls = (client.command("SET", "k", "x" * 3_000_000) for _ in range(30))
    statuses = {status for status, _ in await asyncio.gather(*calls)}
    # What was written may have run, what wasn't (the socket was full) is told apart. The time
    # allowed must be longer than making and joining all these bytes takes on a busy machine.
    assert statuses == {503, 504}
    assert (await client.command("PING"))[0] == 503
    own_server.process.send_signal(signal.SIGCONT)
    await until_answers(client)
    assert await client.command("ECHO", "n") == (200, {"result": "n"})


async def test_a_server_that_stays_away_is_unavailable(
    own_server: Server, connect: Connect
) -> None:
    own_server.kill()
    client = connect(own_server, connect_patience_seconds=0.02)
    answers = await asyncio.gather(*(client.command("PING") for _ in range(20)))
    assert {status for status, _ in answers} == {503}


async def test_a_command_under_way_when_the_server_dies_is_never_sent_again(
    own_server: Server, connect: Connect
) -> None:
    client = connect(own_server)
    await client.command("PING")
    slow = asyncio.create_task(client.raw(b"EVAL", BUSY_SCRIPT.encode(), b"0", b"5000"))
    await asyncio.sleep(0.05)
    own_server.kill()
    await asyncio.to_thread(own_server.start)
    with pytest.raises(UnknownOutcome):
        await slow
    assert own_server.admin().info("commandstats").get("cmdstat_eval") is None
    assert await client.command("PING") == (200, {"result": "PONG"})


async def test_a_key_that_the_server_does_not_know_is_refused(
    server: Server, connect: Connect
) -> None:
    client = connect(server, connect_patience_seconds=0.02)
    stranger = Key(client.writer.organization_id, "rg_writer", "another-token")
    answer = await client.command("PING", key=stranger)
    assert answer == (401, {"error": "WRONGPASS invalid or missing auth token"})


async def test_a_key_revoked_a_moment_ago_is_refused_at_once(
    server: Server, connect: Connect
) -> None:
    client = connect(server, connect_patience_seconds=60)
    stranger = Key(client.writer.organization_id, "rg_writer", "revoked-token")
    client.revoked.add("revoked-token")
    async with asyncio.timeout(60):
        answer = await client.command("PING", key=stranger)
    assert answer == (401, {"error": "WRONGPASS invalid or missing auth token"})


async def test_a_key_made_a_moment_ago_is_waited_for(server: Server, connect: Connect) -> None:
    client = connect(server)
    fresh = Key(client.writer.organization_id, "rg_fresh", "fresh-token")
    waiting = asyncio.create_task(client.command("PING", key=fresh))
    await asyncio.sleep(0.02)
    server.tell("ACL", "SETUSER", "rg_fresh", "on", ">fresh-token", "+@all")
    assert await waiting == (200, {"result": "PONG"})
    server.tell("ACL", "DELUSER", "rg_fresh")


async def test_an_instance_that_moves_is_followed(
    client: Client, server: Server, own_server: Server
) -> None:
    await client.command("SET", "where", "here")
    client.place = Place(
        client.place.organization_id, own_server.endpoint, client.place.instance_id
    )
    assert await client.command("GET", "where") == (200, {"result": None})


async def test_info_shows_no_paths_of_the_host(client: Client, server: Server) -> None:
    _, answer = await client.send(path="/multi-exec", body=b'[["info"]]')
    assert isinstance(answer, list)
    text = answer[0]["result"]
    assert "executable:\r\n" in text
    assert "config_file:\r\n" in text
    assert server.socket_path not in text
    assert "redis_version:" in text


async def test_clients_and_slow_commands_show_no_paths_of_the_host(
    server: Server, connect: Connect
) -> None:
    client = connect(server)
    admin = Key(client.writer.organization_id, "rg-admin", "admin-token")
    server.tell("CONFIG", "SET", "slowlog-log-slower-than", "0")
    logs = [["SLOWLOG", "GET", "9"], ["COMMANDLOG", "GET", "9", "slow"]]
    body = orjson.dumps([["CLIENT", "INFO"], ["client", "list"], *logs])
    for path in ("/pipeline", "/multi-exec"):
        status, answer = await client.send(path=path, body=body, key=admin)
        assert status == 200
        assert server.socket_path not in str(answer)
        assert "addr= laddr= fd=" in str(answer)
    server.tell("CONFIG", "SET", "slowlog-log-slower-than", "10000")


async def test_a_server_that_talks_unasked_is_dropped(server: Server, connect: Connect) -> None:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"+OK\r\n+PONG\r\n+OK\r\n*0\r\n+unasked\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as hostile:
        port = hostile.sockets[0].getsockname()[1]
        client = connect(server, connect_patience_seconds=0.02)
        client.place = Place(client.place.organization_id, Endpoint(None, "127.0.0.1", port))
        status, _ = await client.command("GET", "a")
        assert status in {502, 503}


async def test_close_ends_what_is_under_way(client: Client, server: Server) -> None:
    await client.command("PING")
    server.tell("CLIENT", "PAUSE", "600000", "WRITE")
    waiting = asyncio.create_task(client.raw(b"INCR", b"n"))
    await until(lambda: paused_clients(server) == 1)
    await client.upstreams.close()
    with pytest.raises(UnknownOutcome):
        await waiting
    await until(lambda: connections(server) == 0)
    server.tell("CLIENT", "UNPAUSE")
