"""Both doors through a running uvicorn, over real sockets."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
import pytest_asyncio
import uvicorn

from gateway import runtime
from gateway.asgi import CommandsAside
from gateway.errors import MissingOrInvalidToken, UnknownInstance
from gateway.fastlane import FastLane
from gateway.limits import Limits
from gateway.lookup_cache import LookupCache
from gateway.principals import Principal, Target
from redisgate.http_protocol import HttpProtocol
from tests.gateway.cases import ANY, CASES, Case
from tests.gateway.parts import Key, Place, Server
from tests.waiting import until

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass
class Door:
    """A running door, and the keys and instances it knows."""

    url: str
    port: int
    place: Place
    keys: dict[str, Key]
    instances: dict[UUID, Place]
    http: httpx.AsyncClient = field(repr=False)

    async def send(self, case: Case) -> httpx.Response:
        headers = {"Authorization": "Bearer writer-token"}
        if "_token=" in case.path:
            del headers["Authorization"]
        if case.encoding:
            headers["Upstash-Encoding"] = case.encoding
        return await self.http.request(
            case.method, self.url + case.path, content=case.body, headers=headers
        )

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.http.get(self.url + path, headers=headers)


async def no_pages(scope: object, receive: object, send: object) -> None:
    raise AssertionError("this is not a page")


@pytest_asyncio.fixture(
    scope="module", loop_scope="module", params=[HttpProtocol, FastLane], ids=["drf", "fast"]
)
async def port(request: pytest.FixtureRequest) -> AsyncIterator[int]:
    """Serve on a free port for the whole module: starting uvicorn takes longer than a test."""
    config = uvicorn.Config(
        CommandsAside(no_pages), http=request.param, lifespan="off", log_config=None, ws="none"
    )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        web = uvicorn.Server(config)
        serving = asyncio.create_task(web.serve(sockets=[listener]))
        await until(lambda: web.started)
        yield listener.getsockname()[1]
        web.should_exit = True
        await serving


@pytest_asyncio.fixture(loop_scope="module")
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=10, verify=False) as client:  # noqa: S501  no TLS here
        yield client


@pytest_asyncio.fixture(loop_scope="module")
async def door(port: int, server: Server, http: httpx.AsyncClient) -> AsyncIterator[Door]:
    organization_id = uuid4()
    place = Place(organization_id, server.endpoint)
    keys = {"writer-token": Key(organization_id)}
    instances = {place.instance_id: place}

    async def load_key(token: str) -> Principal:
        if token not in keys:
            raise MissingOrInvalidToken
        return keys[token]

    async def load_instance(instance_id: UUID) -> Target:
        if instance_id not in instances:
            raise UnknownInstance
        return instances[instance_id]

    shared = runtime.Runtime(Limits(), LookupCache(load_key), LookupCache(load_instance))
    runtime.install(shared)
    url = f"http://127.0.0.1:{port}/redis/{place.instance_id}"
    yield Door(url, port, place, keys, instances, http)
    await shared.rates.close()
    await shared.upstreams.close()


@pytest.mark.parametrize("case", CASES, ids=[f"{n}: {case.name}" for n, case in enumerate(CASES)])
async def test_hard_input_is_answered_over_http(door: Door, case: Case) -> None:
    for words in case.before:
        await door.http.post(door.url, json=words, headers={"Authorization": "Bearer writer-token"})

    response = await door.send(case)

    assert (response.status_code, response.headers["content-type"]) == (
        case.status,
        "application/json",
    )
    answer = response.json()
    if case.answer is not ANY:
        assert answer == case.answer
    if case.error:
        assert list(answer) == ["error"]
        assert answer["error"].startswith(case.error)
    nonce = uuid4().hex
    assert (await door.get(f"/echo/{nonce}?_token=writer-token")).json() == {"result": nonce}


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
    assert (await door.get(path, Authorization="Bearer writer-token")).status_code == 401


async def test_the_scheme_is_read_in_any_case(door: Door) -> None:
    assert (await door.get("/ping", Authorization="bEaReR writer-token")).status_code == 200


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
    assert (await door.get("/ping?_token=chosen")).status_code == 404


async def test_an_expired_key_is_refused(door: Door) -> None:
    ended_at = datetime.now(UTC) - timedelta(seconds=1)
    door.keys["ended"] = Key(door.place.organization_id, expires_at=ended_at)
    assert (await door.get("/ping?_token=ended")).status_code == 401


async def test_a_stopped_instance_says_so(door: Door) -> None:
    stopped = replace(door.place, not_running="the instance is stopped.")
    door.instances[door.place.instance_id] = stopped
    response = await door.get("/ping?_token=writer-token")
    assert (response.status_code, response.json()) == (
        503,
        {"error": "ERR the instance is stopped."},
    )
    assert int(response.headers["retry-after"]) >= 1


async def test_headers_of_every_answer(door: Door) -> None:
    good = await door.get("/ping?_token=writer-token", **{"X-Request-Id": "abc-1"})
    bad = await door.get("/ping", **{"X-Request-Id": "not\tharmless"})
    for response in (good, bad):
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["content-length"] == str(len(response.content))
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
    response = await door.http.head(door.url + "/set/a/1?_token=writer-token")
    assert (response.status_code, response.content) == (200, b"")
    assert (await door.get("/get/a?_token=writer-token")).json() == {"result": "1"}


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "text/plain; charset=utf-16", "x", ""]
)
async def test_content_type_is_ignored(door: Door, content_type: str) -> None:
    response = await door.http.post(
        door.url + "?_token=writer-token",
        content=b'["ECHO","x"]',
        headers={"Content-Type": content_type, "Accept": "text/html", "Cookie": "sessionid=x"},
    )
    assert response.json() == {"result": "x"}


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
    assert response.status_code == status
    assert set(response.json()) <= {"result", "error"}


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
        response = await door.http.request(method, door.url + path, content=body, headers=headers)
        assert (response.status_code, response.headers["content-type"]) == (
            status,
            "application/octet-stream",
        )
        assert response.content.startswith(reply)


async def test_resp2_spelled_as_upstash_does(door: Door) -> None:
    response = await door.get("/ping?_token=writer-token", **{"Upstash-Reponse-Format": "RESP2"})
    assert response.content == b"+PONG\r\n"


async def test_what_resp2_does_not_reach_is_json(door: Door) -> None:
    transaction = await door.http.post(
        door.url + "/multi-exec?_token=writer-token", content=b'[["PING"]]', headers=RESP2
    )
    assert transaction.json() == [{"result": "PONG"}]
    base64 = await door.get("/ping?_token=writer-token", **RESP2, **{"Upstash-Encoding": "base64"})
    assert (base64.status_code, list(base64.json())) == (400, ["error"])
    for path, status in (("/ping", 401), ("/monitor?_token=writer-token", 400)):
        refused = await door.get(path, **RESP2)
        assert (refused.status_code, list(refused.json())) == (status, ["error"])
    blocking = await door.get("/blpop/k/0?_token=writer-token", **RESP2)
    assert (blocking.status_code, list(blocking.json())) == (400, ["error"])


async def raw(port: int, *pieces: bytes) -> bytes:
    """Send pieces, close our half of the connection, and read all there is."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    writer.write_eof()
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    return answer


async def test_half_a_body_is_not_executed(door: Door) -> None:
    path = door.url.removeprefix(f"http://127.0.0.1:{door.port}")
    head = (
        f"POST {path}/append/a?_token=writer-token HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
    )
    await raw(door.port, head.encode(), b"half")
    assert (await door.get("/exists/a?_token=writer-token")).json() == {"result": 0}


async def test_chunks_are_counted(door: Door) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 1024 * 1024

    response = await door.http.post(door.url + "/set/a?_token=writer-token", content=chunks())
    assert response.status_code == 413
    assert response.json()["error"].startswith("ERR max request size exceeded")
    assert (await door.get("/exists/a?_token=writer-token")).json() == {"result": 0}


async def test_a_body_announced_far_too_large_is_refused_at_once(door: Door) -> None:
    path = door.url.removeprefix(f"http://127.0.0.1:{door.port}")
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"
    assert (await raw(door.port, head.encode())).startswith(b"HTTP/1.1 413 ")


async def test_whoever_asks_first_is_told_before_sending(door: Door) -> None:
    path = door.url.removeprefix(f"http://127.0.0.1:{door.port}")
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n"
    answer = await raw(door.port, head.encode() + b"Expect: 100-continue\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_requests_at_once_get_their_own_answers(door: Door) -> None:
    async def ask() -> bool:
        nonce = uuid4().hex
        response = await door.get(f"/echo/{nonce}?_token=writer-token")
        return bool(response.json() == {"result": nonce})

    assert all(await asyncio.gather(*(ask() for _ in range(300))))


async def test_a_failure_of_ours_is_json_too(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(runtime.current().keys, "peek", break_down)
    response = await door.get("/ping?_token=writer-token")
    assert (response.status_code, list(response.json())) == (500, ["error"])
