"""The command API as cURL sees it, through the running platform."""

import json
import subprocess
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.e2e.conftest import Ready

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def curl(url: str, *arguments: str, stdin: bytes | None = None) -> Answer:
    done = subprocess.run(
        ["curl", "-sS", "--path-as-is", "-i", "--max-time", "20", *arguments, url],
        input=stdin,
        capture_output=True,
        check=True,
    )
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    while head.startswith(b"HTTP/1.1 100"):
        head, _, body = body.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    return Answer(int(first.split()[1]), body, headers)


def call(ready: Ready, path: str, *arguments: str, stdin: bytes | None = None) -> Answer:
    bearer = ("-H", f"Authorization: Bearer {ready.token}")
    return curl(ready.url + path, *bearer, *arguments, stdin=stdin)


@pytest.mark.parametrize(
    ("path", "arguments", "result"),
    [
        ("/set/curl:a/1", (), "OK"),
        ("/SET/curl:a/1/EX/100", (), "OK"),
        ("/set/curl:q/v?EX=100&NX", (), "OK"),
        ("/set/curl:body", ("-d", "from the body"), "OK"),
        ("/set/curl:put", ("-X", "PUT", "-d", "x"), "OK"),
        ("/echo/a%2Fb", (), "a/b"),
        ("/echo/a+b", (), "a+b"),
        ("/echo/a%20b", (), "a b"),
        ("/echo//", (), ""),
        ("/ping", (), "PONG"),
        ("/ping/", (), "PONG"),
        ("", ("-d", '["ECHO","x"]'), "x"),
        ("/", ("-d", '["ECHO","x"]'), "x"),
        ("", ("-d", '{"command":["ECHO","x"]}'), "x"),
        ("", ("-H", "Content-Type: text/plain", "-d", '["ECHO","x"]'), "x"),
        ("", ("-H", "Content-Type: text/x; charset=utf-8", "-d", '["ECHO",1.50]'), "1.50"),
        ("", ("-d", '["ECHO",12345678901234567890]'), "12345678901234567890"),
        ("", ("-d", '["ECHO",1e+21]'), "1e+21"),
        ("", ("-d", '["ECHO",false]'), "false"),
        ("", ("-d", '["ECHO",""]'), ""),
        ("/get/curl:nothing", (), None),
    ],
)
def test_one_command(ready: Ready, path: str, arguments: tuple[str, ...], result: Any) -> None:
    call(ready, "/del/curl:q")
    answer = call(ready, path, *arguments)
    assert (answer.status, answer.json) == (200, {"result": result})


@pytest.mark.parametrize(
    ("path", "arguments", "status", "words"),
    [
        ("", ("-d", ""), 400, ""),
        ("", ("-d", "null"), 400, ""),
        ("", ("-d", "[]"), 400, ""),
        ("", ("-d", "{}"), 400, ""),
        ("", ("-d", '"PING"'), 400, ""),
        ("", ("-d", '["GET",null]'), 400, ""),
        ("", ("-d", '["GET",["a"]]'), 400, ""),
        ("", ("-d", "not json"), 400, ""),
        ("/pipeline", ("-d", "[]"), 400, ""),
        ("/pipeline", ("-d", "[[]]"), 400, ""),
        ("/nosuchcommand/x", (), 400, "ERR unknown command"),
        ("/get", (), 400, "ERR wrong number of arguments"),
        ("/evalsha/ffffffffffffffffffffffffffffffffffffffff/0", (), 400, "NOSCRIPT"),
        ("/config/set/maxmemory/1", (), 400, "NOPERM"),
        ("/shutdown", (), 400, "NOPERM"),
        ("/multi", (), 400, "/multi-exec"),
        ("/subscribe_", (), 400, "ERR unknown command"),
        ("/blpop/k/0", (), 400, ""),
        ("", ("-X", "DELETE"), 405, ""),
        ("", ("-X", "PATCH", "-d", "x"), 405, ""),
    ],
)
def test_refusals_are_json_with_words(
    ready: Ready, path: str, arguments: tuple[str, ...], status: int, words: str
) -> None:
    answer = call(ready, path, *arguments)
    assert answer.status == status
    assert list(answer.json) == ["error"]
    assert words in answer.json["error"]


def test_missing_and_wrong_tokens_look_alike(ready: Ready) -> None:
    wrong = ("-H", f"Authorization: Bearer {ready.token[:-2]}xx")
    for answer in (curl(ready.url + "/ping"), curl(ready.url + "/ping", *wrong)):
        assert answer.status == 401
        assert answer.json == {"error": "WRONGPASS invalid or missing auth token"}


def test_unknown_instance_is_404(ready: Ready) -> None:
    base, _, _ = ready.url.rpartition("/")
    bearer = ("-H", f"Authorization: Bearer {ready.token}")
    unknown = curl(f"{base}/7b0d7b2e-5f0d-4a4a-8a55-000000000000/ping", *bearer)
    malformed = curl(f"{base}/nonsense/ping", *bearer)
    assert unknown.status == malformed.status == 404
    assert unknown.json == malformed.json


def test_token_in_the_query(ready: Ready) -> None:
    assert curl(f"{ready.url}/echo/hi?_token={ready.token}").json == {"result": "hi"}


def test_pipeline_goes_on_after_an_error(ready: Ready) -> None:
    body = '[["SET","curl:p","x"],["INCR","curl:p"],["HELLO"],["GET","curl:p"]]'
    answer = call(ready, "/pipeline", "-d", body)
    assert answer.status == 200
    assert answer.json[0] == {"result": "OK"}
    assert answer.json[1]["error"].startswith("ERR value is not an integer")
    assert list(answer.json[2]) == ["error"]
    assert answer.json[3] == {"result": "x"}


def test_transaction(ready: Ready) -> None:
    body = '[["SET","curl:t","1"],["INCR","curl:t"],["LPUSH","curl:t","x"],["GET","curl:t"]]'
    answer = call(ready, "/multi-exec", "-d", body)
    assert answer.status == 200
    assert answer.json[1] == {"result": 2}
    assert answer.json[2]["error"].startswith("WRONGTYPE")
    assert answer.json[3] == {"result": "2"}


def test_discarded_transaction_is_one_error(ready: Ready) -> None:
    call(ready, "/del/curl:discard")
    answer = call(ready, "/multi-exec", "-d", '[["SET","curl:discard","1"],["NOSUCH"]]')
    assert answer.status == 400
    assert answer.json["error"].startswith("EXECABORT")
    assert call(ready, "/exists/curl:discard").json == {"result": 0}


def test_binary_values_travel_as_base64(ready: Ready) -> None:
    call(ready, "/set/curl:bin", "--data-binary", "@-", stdin=b"\x00\xff\r\n*1")
    plain = call(ready, "/get/curl:bin")
    coded = call(ready, "/get/curl:bin", "-H", "Upstash-Encoding: base64")
    assert plain.json == {"result": "\x00\ufffd\r\n*1"}
    assert coded.json == {"result": "AP8NCiox"}


def test_base64_leaves_ok_integers_and_null(ready: Ready) -> None:
    coded = ("-H", "Upstash-Encoding: base64")
    assert call(ready, "/set/curl:c/1", *coded).json == {"result": "OK"}
    assert call(ready, "/incr/curl:c", *coded).json == {"result": 2}
    assert call(ready, "/get/curl:none", *coded).json == {"result": None}
    assert call(ready, "/mget/curl:c/curl:none", *coded).json == {"result": ["Mg==", None]}


def test_request_above_ten_megabytes_is_413(ready: Ready) -> None:
    body = b"x" * (10 * 1024 * 1024 + 1)
    answer = call(ready, "/set/curl:big", "--data-binary", "@-", stdin=body)
    assert answer.status == 413
    assert answer.json["error"].startswith("ERR max request size exceeded")


def test_head_has_no_body_and_headers_are_right(ready: Ready) -> None:
    head = call(ready, "/ping", "--head")
    assert (head.status, head.body) == (200, b"")
    answer = call(ready, "/ping")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-request-id"]


def test_flat_arrays_and_strings_as_in_resp2(ready: Ready) -> None:
    call(ready, "/del/curl:h/curl:z")
    call(ready, "/hset/curl:h/f/v")
    call(ready, "/zadd/curl:z/1.5/m")
    assert call(ready, "/hgetall/curl:h").json == {"result": ["f", "v"]}
    assert call(ready, "/zscore/curl:z/m").json == {"result": "1.5"}
    assert call(ready, "/zrange/curl:z/0/-1/WITHSCORES").json == {"result": ["m", "1.5"]}
    assert call(ready, "/scan/0/match/curl:nothing*/count/100000").json["result"][0] == "0"


def test_info_tells_no_path_of_the_host(ready: Ready) -> None:
    text = call(ready, "/info").json["result"]
    assert "redis_version" in text
    assert str(ready.data_dir) not in text
