"""What other gateways get wrong, through both doors."""

import asyncio

import pytest

from tests.gateway.doors import Caller, Door, door, port

__all__ = ["door", "port"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

PINGS, TRANSACTIONS = 30, 30
NESTED = "return {1, {redis.error_reply('inner'), {ok='fine'}}}"
CAUGHT = "return {redis.pcall('LPUSH', 's', 'x'), redis.pcall('NOSUCH')}"


async def test_nobody_is_answered_queued_beside_the_transactions_of_others(door: Door) -> None:
    async def ping(caller: Caller) -> bool:
        return [await caller.call("PING") for _ in range(10)] == [(200, {"result": "PONG"})] * 10

    async def transaction(caller: Caller, number: int) -> bool:
        key = f"counter:{number}"
        request = door.posted("/multi-exec", [["INCR", key], ["PING"], ["INCR", key]])
        answers = [await caller.wire.exchange(request) for _ in range(10)]
        wanted = ([{"result": n}, {"result": "PONG"}, {"result": n + 1}] for n in range(1, 21, 2))
        return [answer.json for answer in answers] == list(wanted)

    callers = [await door.caller() for _ in range(PINGS + TRANSACTIONS)]
    found = await asyncio.gather(
        *(ping(caller) for caller in callers[:PINGS]),
        *(transaction(caller, number) for number, caller in enumerate(callers[PINGS:])),
    )
    assert all(found)


@pytest.mark.parametrize(
    ("path", "body", "status", "part"),
    [
        pytest.param(
            "/multi-exec", b'[["LPUSH","s","x"],["GET","s"]]', 200, b"WRONGTYPE ", id="in MULTI"
        ),
        pytest.param("/multi-exec", b'[["GET"]]', 400, b"EXECABORT ", id="not even queued"),
        pytest.param("/eval/" + NESTED, b"0", 200, b'"ERR inner"', id="nested errors of Lua"),
        pytest.param("/eval/" + CAUGHT, b"0", 200, b"WRONGTYPE ", id="errors that Lua caught"),
        pytest.param("/eval/error(%7B%7D)", b"0", 400, b'"error":', id="an error that is a table"),
        pytest.param("", b'["GET"', 400, b"ERR malformed JSON", id="malformed JSON"),
        pytest.param("/pipeline", b"[[", 400, b"ERR malformed JSON", id="malformed pipeline"),
        pytest.param("/echo", b"\xff\xfe", 200, "\ufffd".encode(), id="no UTF-8"),
        pytest.param("/nosuch", b"\xff", 400, b"ERR unknown command", id="no UTF-8 in an error"),
    ],
)
async def test_errors_are_never_an_empty_500(
    door: Door, path: str, body: bytes, status: int, part: bytes
) -> None:
    await door.result("SET", "s", "1")
    answer = await door.post(path, body)
    assert (answer.status, part in answer.body) == (status, True), answer
    assert answer.json
    assert await door.is_right()


async def test_a_missing_token_is_401_and_not_400(door: Door) -> None:
    for path in ("", "/pipeline", "/multi-exec", "/get/a", "/subscribe/a"):
        answer = await door.ask("POST", path, b'["PING"]')
        assert (answer.status, answer.error[:9]) == (401, "WRONGPASS")


@pytest.mark.parametrize("written", ["; charset=utf-8", ";charset=UTF-8", "; charset=utf-8; v=1"])
async def test_json_may_name_its_character_set(door: Door, written: str) -> None:
    kind = {"Content-Type": f"application/json{written}"}
    assert (await door.post("", ["ECHO", "ü"], **kind)).json == {"result": "ü"}
    assert (await door.post("/pipeline", [["ECHO", "ü"]], **kind)).json == [{"result": "ü"}]
