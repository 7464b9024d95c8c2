"""Commands that wait, on connections of their own."""

import asyncio
import signal
import time

import httpx
import pytest

from gateway import blocking, policy
from gateway.errors import BadRequest
from gateway.limits import Limits
from tests.gateway.lasting import LastingDoor, Serve, door, serve
from tests.gateway.parts import Server
from tests.waiting import in_time, until

__all__ = ["door", "serve"]

GROUP = ("XGROUP", "CREATE", "s", "g", "$", "MKSTREAM")

ARRIVALS = [
    ("BLPOP k 0", "LPUSH k x", ["k", "x"]),
    ("BRPOP k j 0", "LPUSH j x", ["j", "x"]),
    ("BLMOVE k j LEFT RIGHT 0", "LPUSH k x", "x"),
    ("BRPOPLPUSH k j 0", "LPUSH k x", "x"),
    ("BLMPOP 0 2 k j LEFT COUNT 2", "RPUSH j x y", ["j", ["x", "y"]]),
    ("BZPOPMIN z 0", "ZADD z 1 m", ["z", "m", "1"]),
    ("BZPOPMAX z 0", "ZADD z 1.5 m", ["z", "m", "1.5"]),
    ("BZMPOP 0 1 z MIN", "ZADD z 1 m", ["z", [["m", "1"]]]),
    ("XREAD BLOCK 0 STREAMS s $", "XADD s 1-1 f v", [["s", [["1-1", ["f", "v"]]]]]),
    ("XREADGROUP GROUP g c BLOCK 0 STREAMS s >", "XADD s 1-1 f v", [["s", [["1-1", ["f", "v"]]]]]),
]


async def waiting(door: LastingDoor, line: str, block: str) -> "asyncio.Task[httpx.Response]":
    """Send a command that waits, and wait until the server holds it."""
    words = line.split(" ")
    request = asyncio.create_task(door.send(*words, block=block))
    await door.until_clients(words[0].lower(), 1)
    return request


@pytest.mark.parametrize(("line", "push", "result"), ARRIVALS, ids=lambda it: str(it))
async def test_what_arrives_while_waiting_is_the_answer(
    door: LastingDoor, line: str, push: str, result: object
) -> None:
    await door.send(*GROUP)
    request = await waiting(door, line, "9000")
    await door.send(*push.split(" "))
    answer = await request
    assert (answer.status_code, answer.json()) == (200, {"result": result})
    await door.until_clients(line.split(" ")[0].lower(), 0)


@pytest.mark.parametrize("line", [line for line, _, _ in ARRIVALS])
async def test_a_wait_ends_with_null_when_the_request_says_so(door: LastingDoor, line: str) -> None:
    await door.send(*GROUP)
    begun_at = time.monotonic()
    answer = await door.send(*line.split(" "), block="150")
    assert (answer.status_code, answer.json()) == (200, {"result": None})
    assert time.monotonic() - begun_at > 0.1
    assert in_time(begun_at, 3)


@pytest.mark.parametrize(("line", "result"), [("WAIT 1 0", 0), ("WAITAOF 0 1 0", [0, 0])])
async def test_waits_for_replicas_end_too(door: LastingDoor, line: str, result: object) -> None:
    assert (await door.send(*line.split(" "), block="100")).json() == {"result": result}


async def test_the_shorter_time_counts(door: LastingDoor) -> None:
    begun_at = time.monotonic()
    assert (await door.send("BLPOP", "k", "0.1", block="50000")).json() == {"result": None}
    assert in_time(begun_at, 5)


@pytest.mark.parametrize("block", ["", "0", "-1", "x", "1.5", "55001", "9" * 400, "1e3", "٣"])
async def test_other_times_are_refused(door: LastingDoor, block: str) -> None:
    url, headers = door.url + "?_token=writer-token", [(b"Redisgate-Block", block.encode())]
    answer = await door.http.post(url, json=["PING"], headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith("ERR Redisgate-Block must be a number of milliseconds")


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["BLPOP", "k"], "ERR wrong number of arguments"),
        (["BLPOP", "k", "x"], "ERR timeout is not a float"),
        (["BLPOP", "k", "-1"], "ERR timeout is negative"),
        (["XREAD", "BLOCK", "1.5", "STREAMS", "s", "$"], "ERR timeout is not an integer"),
        (["XREAD", "BLOCK"], "ERR wrong number of arguments"),
        (["BLPOP", "s", "1"], "WRONGTYPE"),
    ],
)
async def test_the_server_refuses_in_its_own_words(
    door: LastingDoor, words: list[str], error: str
) -> None:
    await door.send("SET", "s", "1")
    answer = await door.send(*words, block="5000")
    assert (answer.status_code, list(answer.json())) == (400, ["error"])
    assert answer.json()["error"].startswith(error)


async def test_without_the_header_nothing_waits(door: LastingDoor) -> None:
    answer = await door.send("BLPOP", "k", "0")
    assert answer.status_code == 400
    assert "Redisgate-Block" in answer.json()["error"]


async def test_the_header_changes_nothing_of_other_commands(door: LastingDoor) -> None:
    assert (await door.send("SET", "a", "1", block="100")).json() == {"result": "OK"}
    batch = await door.send(["GET", "a"], ["PING"], path="/pipeline", block="100")
    assert batch.json() == [{"result": "1"}, {"result": "PONG"}]
    assert (await door.send("MONITOR", block="100")).status_code == 400


@pytest.mark.parametrize("path", ["/pipeline", "/multi-exec"])
async def test_a_wait_must_be_alone(door: LastingDoor, path: str) -> None:
    answer = await door.send(["SET", "a", "1"], ["BLPOP", "k", "0"], path=path, block="100")
    assert answer.status_code == 400
    assert answer.json() == {"error": "ERR a command that waits must be alone in its request"}
    assert (await door.send("EXISTS", "a")).json() == {"result": 0}


async def test_a_pipeline_of_one_is_alone(door: LastingDoor) -> None:
    answer = await door.send(["BLPOP", "k", "0"], path="/pipeline", block="100")
    assert answer.json() == [{"result": None}]


async def test_base64_holds_for_what_arrives(door: LastingDoor) -> None:
    await door.send("RPUSH", "k", "x")
    headers = {"Redisgate-Block": "100", "Upstash-Encoding": "base64"}
    answer = await door.http.get(door.url + "/blpop/k/0?_token=writer-token", headers=headers)
    assert answer.json() == {"result": ["aw==", "eA=="]}


async def test_resp2_holds_for_what_arrives_and_for_null(door: LastingDoor) -> None:
    await door.send("RPUSH", "k", "x")
    headers = {"Redisgate-Block": "50", "Upstash-Response-Format": "resp2"}
    path = door.url + "/blpop/k/0?_token=writer-token"
    answers = [(await door.http.get(path, headers=headers)).content for _ in range(2)]
    assert answers == [b"*2\r\n$1\r\nk\r\n$1\r\nx\r\n", b"*-1\r\n"]


async def test_a_client_that_goes_leaves_the_element_where_it_is(door: LastingDoor) -> None:
    request = await waiting(door, "BLPOP k 0", "50000")
    request.cancel()
    await door.until_clients("blpop", 0)
    await door.send("RPUSH", "k", "x")
    assert (await door.send("LRANGE", "k", "0", "-1")).json() == {"result": ["x"]}
    await until(lambda: not door.runtime.waits.count)


async def test_ten_waits_share_no_connection(door: LastingDoor) -> None:
    requests = [asyncio.create_task(door.send("BLPOP", "k", "0", block="9000")) for _ in range(10)]
    await door.until_clients("blpop", 10)
    assert (await door.send("PING")).json() == {"result": "PONG"}
    await door.send("RPUSH", "k", *map(str, range(10)))
    got = [(await request).json()["result"][1] for request in requests]
    assert sorted(got) == [str(n) for n in range(10)]


async def test_one_wait_too_many_is_refused(server: Server, serve: Serve) -> None:
    door = await serve(server, blocking_per_key=1)
    request = await waiting(door, "BLPOP k 0", "9000")
    refused = await door.send("BLPOP", "k", "0", block="9000")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
    await door.send("RPUSH", "k", "x")
    assert (await request).json() == {"result": ["k", "x"]}
    assert (await door.send("BLPOP", "k", "0", block="50")).json() == {"result": None}


async def test_a_read_key_waits_for_nothing_that_writes(door: LastingDoor) -> None:
    answer = await door.send("BLPOP", "k", "0", block="100", token="reader-token")
    assert answer.json()["error"].startswith("NOPERM ")


async def test_a_lost_connection_leaves_the_outcome_open(own_server: Server, serve: Serve) -> None:
    door = await serve(own_server)
    request = await waiting(door, "BLPOP k 0", "9000")
    own_server.kill()
    answer = await request
    assert answer.status_code == 502
    assert "unknown whether it ran" in answer.json()["error"]


async def test_a_stuck_server_is_given_up(own_server: Server, serve: Serve) -> None:
    door = await serve(own_server)
    request = await waiting(door, "BLPOP k 0", "100")
    assert own_server.process is not None
    own_server.process.send_signal(signal.SIGSTOP)
    answer = await request
    assert answer.status_code == 504
    assert "unknown whether it ran" in answer.json()["error"]


async def test_a_worker_that_ends_gives_its_waits_back(door: LastingDoor) -> None:
    request = await waiting(door, "BLPOP k 0", "50000")
    door.served.server.should_exit = True
    stopped_at = time.monotonic()
    answer = await request
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
    assert answer.json() == {"error": "ERR the platform is restarting. Try again."}
    await door.served.task
    assert in_time(stopped_at, 3)
    door.server.tell("RPUSH", "k", "x")
    assert door.server.tell("LLEN", "k") == 1


CAPS = [
    ("BLPOP k 0", "BLPOP k 2.500"),
    ("BLPOP k 2.5", "BLPOP k 2.5"),
    ("BLPOP k 2.6", "BLPOP k 2.500"),
    ("BLPOP k 1e9", "BLPOP k 2.500"),
    ("BLPOP k .0", "BLPOP k 2.500"),
    ("BLPOP k 9999999999999999", "BLPOP k 2.500"),
    ("BLPOP k -1", "BLPOP k -1"),
    ("BLPOP k 1_0", "BLPOP k 1_0"),
    ("BLPOP 0 k", "BLPOP 0 k"),
    ("blmpop 0 1 k LEFT", "blmpop 2.500 1 k LEFT"),
    ("BLMPOP", "BLMPOP"),
    ("WAIT 0 0", "WAIT 0 2500"),
    ("WAIT 1 100", "WAIT 1 100"),
    ("XREAD BLOCK 0 STREAMS BLOCK 0", "XREAD BLOCK 2500 STREAMS BLOCK 0"),
    ("XREAD block 1 COUNT 1 BLOCK 0 STREAMS s $", "XREAD block 1 COUNT 1 BLOCK 2500 STREAMS s $"),
    ("XREAD BLOCK\0x 0 STREAMS s $", "XREAD BLOCK\0x 2500 STREAMS s $"),
    ("XREADGROUP GROUP BLOCK 0 BLOCK 0 STREAMS s", "XREADGROUP GROUP BLOCK 0 BLOCK 2500 STREAMS s"),
]


@pytest.mark.parametrize(("line", "shorter"), CAPS)
def test_a_time_out_is_never_longer_than_asked_for(line: str, shorter: str) -> None:
    assert blocking.capped(line.encode().split(b" "), 2500) == shorter.encode().split(b" ")


def test_the_longest_time_is_a_setting() -> None:
    limits = Limits(block_seconds=2)
    assert blocking.milliseconds(b" 2000 ", limits) == 2000
    with pytest.raises(BadRequest, match="from 1 to 2000"):
        blocking.milliseconds(b"2001", limits)


@pytest.mark.parametrize(
    ("line", "may_wait"),
    [
        ("blpop k 0", True),
        ("XREAD BLOCK 0", True),
        ("XREAD STREAMS BLOCK 0", False),
        ("MONITOR", False),
        ("SUBSCRIBE a", False),
        ("GET BLPOP", False),
        ("BLPOP\0 k 0", False),
    ],
)
def test_only_blocking_commands_may_wait(line: str, may_wait: bool) -> None:
    assert policy.may_wait(line.encode().split(b" ")) == may_wait
