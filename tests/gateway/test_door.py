"""Both doors through a running uvicorn, over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from gateway import runtime
from tests.gateway.cases import ANY, CASES, Case
from tests.gateway.doors import Door, door, port
from tests.gateway.parts import Key, Place

__all__ = ["door", "port"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

BROWSER = {"Origin": "https://a.example"}


@pytest.mark.parametrize("case", CASES, ids=[f"{n}: {case.name}" for n, case in enumerate(CASES)])
async def test_hard_input_is_answered_over_http(door: Door, case: Case) -> None:
    for words in case.before:
        await door.command(*words)
    headers = {"Upstash-Encoding": case.encoding} if case.encoding else {}
    if "_token=" not in case.path:
        headers["Authorization"] = "Bearer writer-token"

    answer = await door.ask(case.method, case.path, case.body, **headers)

    assert (answer.status, answer.headers["content-type"]) == (case.status, "application/json")
    if case.answer is not ANY:
        assert answer.json == case.answer
    if case.error:
        assert answer.error.startswith(case.error)
    assert await door.is_right()


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer other", "Basic d3JpdGVyLXRva2Vu", "\xff"]
)
async def test_missing_and_wrong_tokens_look_alike(door: Door, authorization: str) -> None:
    response = await door.http.get(
        door.url + "/ping", headers=[(b"Authorization", authorization.encode("latin-1"))]
    )
    assert response.status_code == 401
    assert response.json() == {"error": "WRONGPASS invalid or missing auth token"}


@pytest.mark.parametrize("path", ["/ping?_token=a&_token=writer-token", "/ping?_token=a"])
async def test_two_different_tokens_are_refused(door: Door, path: str) -> None:
    assert (await door.get(path, Authorization="Bearer writer-token")).status == 401


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/set/a/1?_token=writer-token&EX=9&NX", b""),
        ("/set/a/1?EX=9&_token=writer-token&NX", b""),
        ("/set/a/1?EX=9&NX&_token=writer-token", b""),
        ("/set/a?_token=writer-token&EX=9&NX", b"1"),
        ("/set/a?EX=9&NX&_token=writer-token", b"1"),
        ("/set?_token=writer-token&a=1&EX=9&NX", b""),
        ("?_token=writer-token", b'["SET","a","1","EX","9","NX"]'),
    ],
)
async def test_a_token_is_no_argument_wherever_it_stands(
    door: Door, path: str, body: bytes
) -> None:
    assert (await door.ask("POST", path, body)).json == {"result": "OK"}
    assert await door.result("GET", "a") == "1"
    assert await door.result("TTL", "a") == 9


async def test_the_scheme_is_read_in_any_case(door: Door) -> None:
    assert (await door.get("/ping", Authorization="bEaReR writer-token")).status == 200


async def test_a_foreign_instance_looks_like_one_that_never_was(door: Door) -> None:
    foreign = Place(uuid4(), door.place.endpoint)
    door.instances[foreign.instance_id] = foreign
    answers = set()
    for some_id in (foreign.instance_id, uuid4(), "not-an-id", ""):
        url = f"http://127.0.0.1:{door.port}/redis/{some_id}/ping?_token=writer-token"
        response = await door.http.get(url)
        answers.add((response.status_code, response.text))
    assert len(answers) == 1
    assert answers.pop()[0] == 404


async def test_a_key_for_chosen_instances_opens_no_other(door: Door) -> None:
    door.keys["chosen"] = Key(door.place.organization_id, instance_ids=frozenset({uuid4()}))
    assert (await door.get("/ping?_token=chosen")).status == 404


async def test_an_expired_key_is_refused(door: Door) -> None:
    ended_at = datetime.now(UTC) - timedelta(seconds=1)
    door.keys["ended"] = Key(door.place.organization_id, expires_at=ended_at)
    assert (await door.get("/ping?_token=ended")).status == 401


async def test_a_stopped_instance_says_so(door: Door) -> None:
    stopped = replace(door.place, not_running="the instance is stopped.")
    door.instances[door.place.instance_id] = stopped
    response = await door.get("/ping?_token=writer-token")
    assert (response.status, response.json) == (
        503,
        {"error": "ERR the instance is stopped."},
    )
    assert int(response.headers["retry-after"]) >= 1


async def test_headers_of_every_answer(door: Door) -> None:
    good = await door.get("/ping?_token=writer-token", **{"X-Request-Id": "abc-1"}, **BROWSER)
    bad = await door.get("/ping", **{"X-Request-Id": "not\tharmless"}, **BROWSER)
    for response in (good, bad):
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["content-length"] == str(len(response.body))
        assert response.headers["access-control-allow-origin"] == "*"
        assert "set-cookie" not in response.headers
    assert good.headers["x-request-id"] == "abc-1"
    assert bad.headers["x-request-id"] != "not\tharmless"
    assert good.headers["upstash-sync-token"] != bad.headers["upstash-sync-token"]


async def test_a_preflight_needs_no_token(door: Door) -> None:
    headers = {
        "Origin": "https://example.com",
        "Access-Control-Request-Headers": "authorization,upstash-encoding",
    }
    response = await door.http.options(door.url + "/pipeline", headers=headers)
    assert response.status_code == 204
    assert response.headers["access-control-allow-headers"] == "authorization,upstash-encoding"


async def test_head_has_no_body(door: Door) -> None:
    answer = await door.ask("HEAD", "/set/a/1?_token=writer-token", b"")
    assert (answer.status, answer.body) == (200, b"")
    assert (await door.get("/get/a?_token=writer-token")).json == {"result": "1"}


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "text/plain; charset=utf-16", "x", ""]
)
async def test_content_type_is_ignored(door: Door, content_type: str) -> None:
    headers = {"Content-Type": content_type, "Accept": "text/html", "Cookie": "sessionid=x"}
    answer = await door.post("", ["ECHO", "x"], **headers)
    assert answer.json == {"result": "x"}


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("Upstash-Response-Format", "json", 200),
        ("Upstash-Response-Format", "resp3", 400),
        ("Upstash-Reponse-Format", "resp3", 400),
        ("Redisgate-Block", "100", 200),
        ("Upstash-Sync-Token", "whatever", 200),
        ("Upstash-Telemetry-Sdk", "x", 200),
    ],
)
async def test_headers_that_ask_for_more(door: Door, header: str, value: str, status: int) -> None:
    response = await door.get("/ping?_token=writer-token", **{header: value})
    assert response.status == status
    assert response.json == {"result": "PONG"} if status == 200 else response.error


RESP2 = {"Upstash-Response-Format": "resp2"}


async def test_resp2_is_the_protocol_itself(door: Door) -> None:
    headers = {"Authorization": "Bearer writer-token", **RESP2}
    for method, path, body, status, reply in (
        ("GET", "/set/a/OK", b"", 200, b"+OK\r\n"),
        ("POST", "", b'["GET","a"]', 200, b"$2\r\nOK\r\n"),
        ("GET", "/incr/a", b"", 400, b"-ERR value is not an integer or out of range\r\n"),
        ("PUT", "/set/b", b"\xff\r\n", 200, b"+OK\r\n"),
        ("GET", "/get/b", b"", 200, b"$3\r\n\xff\r\n\r\n"),
        ("POST", "/pipeline", b'[["GET","b"],["NOSUCH"]]', 200, b"$3\r\n\xff\r\n\r\n-ERR unknown"),
        ("HEAD", "/get/b", b"", 200, b""),
    ):
        answer = await door.ask(method, path, body, **headers)
        assert answer.headers["content-type"] == "application/octet-stream"
        assert (answer.status, answer.body[: len(reply)]) == (status, reply)


async def test_resp2_spelled_as_upstash_does(door: Door) -> None:
    response = await door.get("/ping?_token=writer-token", **{"Upstash-Reponse-Format": "RESP2"})
    assert response.body == b"+PONG\r\n"


async def test_what_resp2_does_not_reach_is_json(door: Door) -> None:
    transaction = await door.post("/multi-exec", [["PING"]], **RESP2)
    assert transaction.json == [{"result": "PONG"}]
    base64 = await door.get("/ping?_token=writer-token", **RESP2, **{"Upstash-Encoding": "base64"})
    assert (base64.status, base64.error[:4]) == (400, "ERR ")
    for path, status in (("/ping", 401), ("/monitor?_token=writer-token", 400)):
        refused = await door.get(path, **RESP2)
        assert refused.status == status
        assert refused.error
    blocking = await door.get("/blpop/k/0?_token=writer-token", **RESP2)
    assert (blocking.status, blocking.error[:4]) == (400, "ERR ")


async def test_half_a_body_is_not_executed(door: Door) -> None:
    async with door.wire() as wire:
        await wire.send(door.head("POST", "/append/a", "Content-Length: 9"), b"half")
        wire.writer.write_eof()
        await wire.rest()
    assert (await door.get("/exists/a?_token=writer-token")).json == {"result": 0}


async def test_chunks_are_counted(door: Door) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 1024 * 1024

    response = await door.http.post(door.url + "/set/a?_token=writer-token", content=chunks())
    assert response.status_code == 413
    assert response.json()["error"].startswith("ERR max request size exceeded")
    assert (await door.get("/exists/a?_token=writer-token")).json == {"result": 0}


async def test_a_body_announced_far_too_large_is_refused_at_once(door: Door) -> None:
    async with door.wire() as wire:
        answer = await wire.exchange(door.head("POST", "", "Content-Length: 99999999999"))
    assert answer.status == 413


async def test_whoever_asks_first_is_told_before_sending(door: Door) -> None:
    head = door.head("POST", "", "Content-Length: 20000000", "Expect: 100-continue")
    async with door.wire() as wire:
        assert (await wire.exchange(head)).status == 413


async def test_requests_at_once_get_their_own_answers(door: Door) -> None:
    assert all(await asyncio.gather(*(door.is_right() for _ in range(300))))


async def test_a_failure_of_ours_is_json_too(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(runtime.current().keys, "peek", break_down)
    response = await door.get("/ping?_token=writer-token")
    assert (response.status, response.error[:4]) == (500, "ERR ")


async def test_headers_for_browsers_go_to_browsers_alone(door: Door) -> None:
    plain = await door.get("/ping?_token=writer-token")
    asked = await door.get("/ping?_token=writer-token", **BROWSER)
    names = {"access-control-allow-origin", "access-control-expose-headers"}
    assert names.isdisjoint(plain.headers)
    assert names <= set(asked.headers)
