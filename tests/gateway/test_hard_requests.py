"""Hard inputs 20 to 25 through every door: what is odd about HTTP itself, and about tokens."""

import asyncio
import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from uuid import uuid4

import pytest

from gateway import asgi_limits
from tests.gateway.doors import READER, WRITER, Door, door, port
from tests.gateway.parts import Key, Server
from tests.waiting import until

__all__ = ["door", "port"]

pytestmark = pytest.mark.asyncio(loop_scope="module")

ECHO = b'["ECHO","x"]'
APPEND = b'["APPEND","a","x"]'
WRONG_LENGTHS = {
    "negative": ["Content-Length: -1"],
    "a word": ["Content-Length: ten"],
    "signed": [f"Content-Length: +{len(APPEND)}"],
    "hexadecimal": ["Content-Length: 0x12"],
    "beyond 64 bits": ["Content-Length: 99999999999999999999999"],
    "two": [f"Content-Length: {len(APPEND)}", "Content-Length: 5"],
    "a list": [f"Content-Length: {len(APPEND)}, {len(APPEND)}"],
    "with chunked": [f"Content-Length: {len(APPEND)}", "Transfer-Encoding: chunked"],
    "before a colon": [f"Content-Length : {len(APPEND)}"],
    "unknown encoding": ["Transfer-Encoding: gzip"],
    "folded": ["X-Folded: a\r\n b", f"Content-Length: {len(APPEND)}, 1"],
}


@pytest.mark.parametrize("lines", WRONG_LENGTHS.values(), ids=WRONG_LENGTHS.keys())
async def test_a_wrong_length_runs_nothing_and_ends_the_connection(
    door: Door, lines: list[str]
) -> None:
    async with door.wire() as wire:
        await wire.send(door.head("POST", "", *lines), APPEND)
        answer = await wire.answer()
        assert (answer.status, answer.headers["content-type"]) == (400, "application/json")
        assert answer.error.startswith("ERR ")
        await wire.rest()
    assert await door.result("EXISTS", "a") == 0
    assert await door.is_right()


@pytest.mark.parametrize("lines", [[], ["X-Request-Id: mine", "Expect: 100-continue"]])
async def test_a_length_may_begin_with_any_number_of_zeros(door: Door, lines: list[str]) -> None:
    async with door.wire() as wire:
        length = f"Content-Length: {len(ECHO):05000}"
        await wire.send(door.head("POST", "", length, *lines), ECHO)
        answer = await wire.answer()
        if answer.status == 100:
            answer = await wire.answer()
        assert (answer.status, answer.json) == (200, {"result": "x"})


async def test_a_body_longer_than_announced_is_cut_and_its_rest_is_no_request(door: Door) -> None:
    async with door.wire() as wire:
        await wire.send(door.head("POST", "", f"Content-Length: {len(APPEND) - 5}"), APPEND)
        answer = await wire.answer()
        assert (answer.status, answer.error[:4]) == (400, "ERR ")
        await wire.rest()
    assert await door.result("EXISTS", "a") == 0
    assert await door.is_right()


async def test_a_body_shorter_than_announced_is_given_up_in_words(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asgi_limits, "BODY_SECONDS", 0.2)
    async with door.wire() as wire:
        await wire.send(door.head("POST", "", f"Content-Length: {len(APPEND) + 1}"), APPEND)
        answer = await wire.answer()
        assert (answer.status, "did not arrive in time" in answer.error) == (408, True)
        await wire.rest()
    assert await door.result("EXISTS", "a") == 0


async def test_a_body_in_chunks_of_one_byte_is_whole(door: Door) -> None:
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in ECHO) + b"0\r\n\r\n"
    async with door.wire() as wire:
        await wire.send(door.head("POST", "", "Transfer-Encoding: chunked"), chunks)
        assert (await wire.answer()).json == {"result": "x"}
        await wire.send(door.head("GET", "/ping"))
        assert (await wire.answer()).json == {"result": "PONG"}


@pytest.mark.parametrize("broken", [b"zz\r\nx", b"5\r\nab\r\n0\r\n\r\n", b"-1\r\nx\r\n"])
async def test_broken_chunks_run_nothing(door: Door, broken: bytes) -> None:
    async with door.wire() as wire:
        await wire.send(door.head("POST", "/append/a", "Transfer-Encoding: chunked"), broken)
        wire.writer.write_eof()
        rest = await wire.rest()
        assert rest == b"" or rest.startswith(b"HTTP/1.1 400 ")
    assert await door.result("EXISTS", "a") == 0


async def test_whoever_waits_for_100_continue_is_told_to_go_on(door: Door) -> None:
    async with door.wire() as wire:
        lines = (f"Content-Length: {len(ECHO)}", "Expect: 100-continue")
        await wire.send(door.head("POST", "", *lines))
        assert (await wire.answer()).status == 100
        await wire.send(ECHO)
        assert (await wire.answer()).json == {"result": "x"}


async def test_an_unknown_expectation_is_answered(door: Door) -> None:
    async with door.wire() as wire:
        await wire.send(door.head("POST", "", f"Content-Length: {len(ECHO)}", "Expect: tea"), ECHO)
        assert (await wire.answer()).status in {200, 417}
    assert await door.is_right()


@pytest.mark.parametrize("sent_bytes", [0, 1, len(APPEND) // 2, len(APPEND) - 1])
async def test_of_a_client_that_is_gone_before_the_end_nothing_runs(
    door: Door, sent_bytes: int
) -> None:
    head = door.head("POST", "", f"Content-Length: {len(APPEND)}")
    for _ in range(20):
        async with door.wire() as wire:
            await wire.send(head, APPEND[:sent_bytes])
            wire.vanish()
    assert await door.is_right()
    assert await door.result("EXISTS", "a") == 0


async def test_what_a_client_that_is_gone_has_sent_runs_once_at_most(
    door: Door, server: Server
) -> None:
    head = door.head("POST", "", f"Content-Length: {len(APPEND)}")
    for _ in range(100):
        async with door.wire() as wire:
            await wire.send(head + APPEND)
            wire.vanish()
    for _ in range(100):
        assert await door.is_right()
    assert int(str(await door.result("STRLEN", "a"))) <= 100
    await until(lambda: len(server.admin().client_list()) <= 3)


async def test_a_client_that_half_closes_still_gets_its_answer(door: Door) -> None:
    async with door.wire() as wire:
        await wire.send(door.head("POST", "", f"Content-Length: {len(ECHO)}") + ECHO)
        answer = await wire.answer()
        assert answer.json == {"result": "x"}


@pytest.mark.parametrize("method", ["DELETE", "PATCH", "TRACE", "PROPFIND", "LOCK"])
@pytest.mark.parametrize("path", ["", "/get/a", "/pipeline", "/multi-exec"])
async def test_other_methods_are_405_and_name_those_that_go(
    door: Door, method: str, path: str
) -> None:
    async with door.wire() as wire:
        await wire.send(door.head(method, path))
        answer = await wire.answer()
        assert (answer.status, answer.error[:10]) == (405, "ERR method")
        assert answer.headers["allow"]
    assert await door.is_right()


@pytest.mark.parametrize("start", ["GETT", "get", "CONNECT", "\x16\x03\x01", "PRI"])
async def test_what_is_no_method_is_refused_in_json(door: Door, start: str) -> None:
    async with door.wire() as wire:
        await wire.send(door.head(start, "/get/a"))
        answer = await wire.answer()
        assert 400 <= answer.status < 500
        assert answer.error
    assert await door.is_right()


async def test_a_body_in_gzip_is_no_json_but_a_fine_value(door: Door) -> None:
    packed = gzip.compress(ECHO)
    refused = await door.post("", packed, **{"Content-Encoding": "gzip"})
    assert refused.status == 400
    assert refused.error.startswith("ERR ")
    stored = await door.post("/set/a", packed, **{"Content-Encoding": "gzip"})
    assert stored.json == {"result": "OK"}
    assert await door.result("STRLEN", "a") == len(packed)


@pytest.mark.parametrize("lines", [(), ("Connection: keep-alive",)])
async def test_http_1_0_without_a_host_is_served(door: Door, lines: tuple[str, ...]) -> None:
    head = "\r\n".join((f"GET {door.path}/ping?_token={WRITER} HTTP/1.0", *lines, "", ""))
    async with door.wire() as wire:
        await wire.send(head.encode())
        assert (await wire.answer()).json == {"result": "PONG"}
        if not lines:
            assert await wire.rest() == b""


@pytest.mark.parametrize(
    "name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-URL"]
)
async def test_nothing_overrides_the_method_or_the_path(door: Door, name: str) -> None:
    value = "/flushall" if name == "X-Original-URL" else "DELETE"
    answer = await door.post("/echo", b"x", **{name: value})
    assert answer.json == {"result": "x"}


async def test_a_method_in_the_query_is_an_argument(door: Door) -> None:
    answer = await door.post("/echo?_method=DELETE", b"")
    assert (answer.status, answer.error[:19]) == (400, "ERR wrong number of")


async def test_a_foreign_origin_may_ask_but_never_with_cookies(door: Door) -> None:
    headers = {
        "Origin": "https://evil.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,x-other",
        "Access-Control-Request-Private-Network": "true",
    }
    preflight = await door.http.options(door.url, headers=headers)
    asked = await door.http.post(
        door.url, content=ECHO, headers={"Origin": "https://evil.example", "Cookie": "a=b"}
    )
    assert (preflight.status_code, asked.status_code) == (204, 401)
    for response in (preflight, asked):
        assert response.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in response.headers
        assert "access-control-allow-private-network" not in response.headers


BAD_TOKENS = {
    "nothing": "",
    "scheme alone": "Bearer",
    "blank": "Bearer   ",
    "two words": f"Bearer {WRITER} {WRITER}",
    "basic": "Basic d3JpdGVyLXRva2VuOg==",
    "no scheme": WRITER,
    "tab": f"Bearer\t{WRITER}",
    "prefix": f"Bearer {WRITER[:-1]}",
    "quoted": f'Bearer "{WRITER}"',
    "8-bit": "Bearer \xff\xfe",
    "4 KB": "Bearer " + "x" * 4097,
}


@pytest.mark.parametrize("value", BAD_TOKENS.values(), ids=BAD_TOKENS.keys())
async def test_a_bad_token_opens_nothing(door: Door, value: str) -> None:
    head = f"GET {door.path}/ping HTTP/1.1\r\nHost: x\r\nAuthorization: {value}\r\n\r\n"
    async with door.wire() as wire:
        await wire.send(head.encode("latin-1"))
        answer = await wire.answer()
    assert (answer.status, answer.error) == (401, "WRONGPASS invalid or missing auth token")
    assert await door.is_right()


async def test_a_token_of_a_megabyte_is_refused_and_the_worker_goes_on(door: Door) -> None:
    token = "x" * 1024 * 1024
    for head in (
        f"GET {door.path}/ping HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n",
        f"GET {door.path}/ping?_token={token} HTTP/1.1\r\nHost: x\r\n\r\n",
    ):
        async with door.wire() as wire:
            with_end = asyncio.create_task(wire.send(head.encode()))
            answer = await wire.answer()
            with_end.cancel()
        assert answer.status in {400, 401, 414, 431}
        assert answer.error
        assert await door.is_right()


@pytest.mark.parametrize("token", [f"{WRITER}%0d%0aX: y", f"%20{WRITER}", f"{WRITER}%00"])
async def test_a_token_in_the_query_is_taken_as_it_is(door: Door, token: str) -> None:
    answer = await door.http.get(f"{door.url}/ping?_token={token}")
    assert answer.status_code == 401


async def test_a_folded_token_is_never_another_request(door: Door) -> None:
    head = f"GET {door.path}/ping HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer\r\n {WRITER}\r\n\r\n"
    async with door.wire() as wire:
        await wire.send(head.encode())
        assert (await wire.answer()).status in {200, 400, 401}
    assert await door.is_right()


async def test_a_key_is_dead_in_the_second_it_expires(door: Door) -> None:
    ends_at = datetime.now(UTC) + timedelta(milliseconds=300)
    door.keys["ending"] = Key(door.place.organization_id, expires_at=ends_at)
    assert (await door.command("PING", token="ending")).status in {200, 401}
    await until(lambda: datetime.now(UTC) >= ends_at)
    assert (await door.command("PING", token="ending")).status == 401


async def test_a_key_that_was_just_revoked_is_dead_within_a_second(door: Door) -> None:
    door.keys["revoked"] = Key(door.place.organization_id)
    assert (await door.command("PING", token="revoked")).status == 200
    del door.keys["revoked"]
    revoked_at = asked_at = monotonic()
    while (await door.command("PING", token="revoked")).status != 401:
        assert asked_at - revoked_at < 1
        asked_at = monotonic()


async def test_an_instance_that_is_deleted_looks_like_one_that_never_was(door: Door) -> None:
    assert await door.is_right()
    del door.instances[door.place.instance_id]
    deleted_at = asked_at = monotonic()
    while (gone := await door.command("PING")).status != 404:
        # What is looked up is trusted for less than a second.
        assert asked_at - deleted_at < 1
        asked_at = monotonic()
    door.place = replace(door.place, instance_id=uuid4())
    never = await door.command("PING")
    assert (gone.status, gone.body) == (404, never.body)


READ_TRICKS = [
    ["GETDEL", "a"], ["GETEX", "a", "EX", "1"], ["GETEX", "a"], ["GETSET", "a", "2"],
    ["SORT", "l", "STORE", "a"], ["SORT", "l"], ["BITFIELD", "a", "SET", "u8", "0", "1"],
    ["BITFIELD", "a", "GET", "u8", "0"],
    ["GEOSEARCHSTORE", "b", "a", "FROMMEMBER", "x", "BYRADIUS", "1", "m"],
    ["GEORADIUS", "g", "0", "0", "1", "m", "STORE", "a"], ["COPY", "a", "b"],
    ["RESTORE", "b", "0", "x"], ["EVAL", "return redis.call('DEL','a')", "0"],
    ["EVAL", "return 1", "0"], ["SCRIPT", "LOAD", "return 1"], ["FCALL", "f", "0"],
    ["SET", "a", "2"], ["FLUSHALL"], ["KEYS", "*"], ["CONFIG", "GET", "*"], ["PUBLISH", "c", "x"],
    ["CLIENT", "KILL", "ID", "1"], ["UNLINK", "a"],
]  # fmt: skip


@pytest.mark.parametrize("words", READ_TRICKS, ids=" ".join)
async def test_a_read_key_changes_nothing(door: Door, words: list[str]) -> None:
    await door.result("SET", "a", "1")
    await door.result("RPUSH", "l", "3", "1", "2")
    single = await door.command(*words, token=READER)
    assert (single.status, single.error[:7]) == (400, "NOPERM ")
    piped = await door.post("/pipeline", [words], READER)
    assert (piped.status, piped.body[:18]) == (200, b'[{"error":"NOPERM ')
    discarded = await door.post("/multi-exec", [["GET", "a"], words], READER)
    assert (discarded.status, discarded.error[:9]) == (400, "EXECABORT")
    assert await door.result("GET", "a") == "1"
    assert await door.result("TTL", "a") == -1
    assert await door.result("DBSIZE") == 2
    assert await door.is_right()


@pytest.mark.parametrize(
    "words",
    [
        ["DUMP", "a"],
        ["BITFIELD_RO", "a", "GET", "u8", "0"],
        ["GETRANGE", "a", "0", "1"],
    ],
    ids=" ".join,
)
async def test_a_read_key_reads_in_every_way(door: Door, words: list[str]) -> None:
    await door.result("SET", "a", "1")
    await door.result("RPUSH", "l", "3", "1", "2")
    assert (await door.command(*words, token=READER)).status == 200


@pytest.mark.parametrize("command", ["SET", "GETDEL", "EXPIRE"])
async def test_a_read_key_writes_in_no_script(door: Door, command: str) -> None:
    await door.result("SET", "a", "1")
    script = f"return redis.call('{command}', 'a', '1')"
    answer = await door.command("EVAL_RO", script, "0", token=READER)
    assert answer.status == 400
    assert await door.result("GET", "a") == "1"
