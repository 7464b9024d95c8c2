"""Replies to JSON, as values."""

from base64 import b64decode
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import encoding
from gateway.errors import BrokenReply
from gateway.resp import ErrorReply, Reply


def decoded(reply: Reply, *, is_base64: bool = False) -> Any:
    return orjson.loads(encoding.encode_single(reply, is_base64=is_base64))


@pytest.mark.parametrize(
    ("reply", "plain", "base64"),
    [
        (b"OK", {"result": "OK"}, {"result": "OK"}),
        (b"", {"result": ""}, {"result": ""}),
        (b"a\xff", {"result": "a\ufffd"}, {"result": "Yf8="}),
        (None, {"result": None}, {"result": None}),
        (-1, {"result": -1}, {"result": -1}),
        (2**63 - 1, {"result": 2**63 - 1}, {"result": 2**63 - 1}),
        ([], {"result": []}, {"result": []}),
        (
            [b"OK", None, [1, b"a"]],
            {"result": ["OK", None, [1, "a"]]},
            {"result": ["T0s=", None, [1, "YQ=="]]},
        ),
        (ErrorReply("ERR x"), {"error": "ERR x"}, {"error": "ERR x"}),
        ([ErrorReply("ERR x")], {"result": [{"error": "ERR x"}]}, {"result": [{"error": "ERR x"}]}),
    ],
)
def test_shapes(reply: Reply, plain: object, base64: object) -> None:
    assert decoded(reply) == plain
    assert decoded(reply, is_base64=True) == base64


def test_noscript_is_completed_and_nothing_else_is() -> None:
    classic = {"error": "NOSCRIPT No matching script. Please use EVAL."}
    assert decoded(ErrorReply("NOSCRIPT No matching script.")) == classic
    assert decoded(ErrorReply(classic["error"])) == classic
    assert decoded(ErrorReply("NOSCRIPT else")) == {"error": "NOSCRIPT else"}


def test_a_batch_holds_results_and_errors_in_order() -> None:
    body = encoding.encode_batch([b"a", ErrorReply("ERR b"), 3], is_base64=True)
    assert orjson.loads(body) == [{"result": "YQ=="}, {"error": "ERR b"}, {"result": 3}]


@pytest.mark.parametrize("is_base64", [False, True])
def test_a_batch_of_nothing_but_ok_is_written_as_any_other(is_base64: bool) -> None:
    replies: list[Reply] = [b"OK", b"OK"]
    body = encoding.encode_batch(replies, is_base64=is_base64)
    assert body == b'[{"result":"OK"},{"result":"OK"}]'
    assert encoding.failed(replies) == ()


@pytest.mark.parametrize("depth", [encoding.DEPTH_MAX + 1, 900])
def test_what_is_nested_too_deeply_is_refused(depth: int) -> None:
    reply: Reply = b"x"
    for _ in range(depth):
        reply = [reply]
    for is_base64 in (False, True):
        with pytest.raises(BrokenReply):
            encoding.encode_single(reply, is_base64=is_base64)


def test_what_is_nested_as_deeply_as_allowed_is_written() -> None:
    reply: Reply = b"x"
    for _ in range(encoding.DEPTH_MAX):
        reply = [reply]
    assert decoded(reply) is not None
    assert orjson.loads(encoding.encode_batch([reply], is_base64=True))


def test_types_that_resp2_does_not_have_are_refused() -> None:
    with pytest.raises(BrokenReply):
        encoding.encode_single({b"a": b"b"}, is_base64=False)  # type: ignore[arg-type]


@given(st.binary())
def test_any_bytes_come_back_under_base64(value: bytes) -> None:
    assert b64decode(decoded([value], is_base64=True)["result"][0]) == value


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(text: str) -> None:
    assert decoded(text.encode()) == {"result": text}


def test_info_keeps_its_lines_without_paths() -> None:
    info = (
        b"# Server\r\nredis_version:7.2.4\r\nexecutable:/opt/bin/valkey-server\r\n"
        b"config_file:/srv/a b/valkey.conf\r\nlistener0:name=tcp,bind=127.0.0.1,port=6379\r\n"
        b"listener1:name=unix,bind=/run/s\r\nkeys:1\r\n"
    )
    assert encoding.without_host_paths(info) == (
        b"# Server\r\nredis_version:7.2.4\r\nexecutable:\r\nconfig_file:\r\n"
        b"listener0:name=tcp,bind=127.0.0.1,port=6379\r\nlistener1:name=unix,bind=\r\nkeys:1\r\n"
    )
    assert encoding.without_host_paths(None) is None


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        (b"id=5 addr=/a/run/x.sock:0 laddr=/a/run/x.sock:0 fd=9", b"id=5 addr= laddr= fd=9"),
        (b"id=5 addr=[/a b/s:0]:0 laddr=[/a b/s:0]:0 fd=9 name=", b"id=5 addr= laddr= fd=9 name="),
        (b"id=5 addr=[::1]:80 laddr=1.2.3.4:5 fd=9", b"id=5 addr=[::1]:80 laddr=1.2.3.4:5 fd=9"),
        (b"id=5 addr=/s:0 fd=9\nid=6 addr=/s:0 fd=8\n", b"id=5 addr= fd=9\nid=6 addr= fd=8\n"),
    ],
)
def test_the_list_of_clients_loses_the_paths_of_the_host(told: bytes, kept: bytes) -> None:
    assert encoding.without_host_paths(told) == kept


def test_logs_of_commands_lose_the_paths_of_the_host() -> None:
    harmless: list[Reply] = [
        [2, 1700000000, 12, [b"PING"], b"127.0.0.1:5000", b""],
        [3, 1700000000, 12, [b"PING"]],
    ]
    words: Reply = [b"SET", b"/etc", b"/x"]
    told: Reply = [1, 1700000000, 12, words, b"[/a/s:0]:0", b"/me"]
    kept: Reply = [1, 1700000000, 12, words, b"", b"/me"]
    assert encoding.without_host_paths([told, *harmless]) == [kept, *harmless]
