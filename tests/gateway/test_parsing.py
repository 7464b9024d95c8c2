"""HTTP bytes to commands, as values."""

import json
from urllib.parse import quote_from_bytes

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import parsing
from gateway.errors import BadRequest, MissingOrInvalidToken
from gateway.limits import Limits
from gateway.parsing import Kind
from redisgate.lib.errors import RedisGateError

LIMITS = Limits()


def commands_in(body: bytes, rest: bytes = b"") -> list[list[bytes]]:
    return parsing.form_of("POST", rest, b"").read(body, LIMITS).commands


@pytest.mark.parametrize(
    ("rest", "segments"),
    [
        (b"", []),
        (b"/", []),
        (b"/get/a", [b"get", b"a"]),
        (b"/get/a/", [b"get", b"a"]),
        (b"/get/a//", [b"get", b"a", b""]),
        (b"/set/a//b", [b"set", b"a", b"", b"b"]),
        (b"//a", [b"", b"a"]),
        (b"/set/a%2Fb/%00%ff", [b"set", b"a/b", b"\0\xff"]),
        (b"/get/a+b", [b"get", b"a+b"]),
        (b"/get/%zz%4", [b"get", b"%zz%4"]),
        (b"/set/../flushall", [b"set", b"..", b"flushall"]),
    ],
)
def test_the_path_is_split_before_it_is_decoded(rest: bytes, segments: list[bytes]) -> None:
    assert parsing.path_segments(rest) == segments


@pytest.mark.parametrize(
    ("query", "arguments"),
    [
        (b"", []),
        (b"EX=100&NX", [b"EX", b"100", b"NX"]),
        (b"a=&b", [b"a", b"", b"b"]),
        (b"a=b=c", [b"a", b"b=c"]),
        (b"a+b=%2B+", [b"a b", b"+ "]),
        (b"&&a&", [b"a"]),
        (b"_token=t&EX=1", [b"EX", b"1"]),
        (b"%5Ftoken=t&EX=1", [b"EX", b"1"]),
        (b"_token", []),
    ],
)
def test_the_query_gives_arguments_and_never_the_token(
    query: bytes, arguments: list[bytes]
) -> None:
    assert parsing.query_arguments(query) == arguments


def test_arguments_come_in_the_order_path_body_query() -> None:
    request = parsing.form_of("POST", b"/set/key", b"EX=9&_token=t&NX").read(b"\0value", LIMITS)
    assert request.commands == [[b"set", b"key", b"\0value", b"EX", b"9", b"NX"]]


def test_the_body_of_a_get_is_no_argument() -> None:
    assert parsing.form_of("GET", b"/get/a", b"").read(b"x", LIMITS).commands == [[b"get", b"a"]]


@pytest.mark.parametrize(
    ("rest", "kind"),
    [
        (b"", Kind.SINGLE),
        (b"/", Kind.SINGLE),
        (b"/pipeline/", Kind.PIPELINE),
        (b"/multi-exec", Kind.TRANSACTION),
    ],
)
def test_the_path_says_what_the_body_is(rest: bytes, kind: Kind) -> None:
    body = b'["GET","a"]' if kind is Kind.SINGLE else b'[["GET","a"]]'
    request = parsing.form_of("POST", rest, b"").read(body, LIMITS)
    assert (request.kind, request.commands) == (kind, [[b"GET", b"a"]])


@pytest.mark.parametrize("path", [b"/subscribe/chat", b"/PSubscribe/c*", b"/monitor/"])
def test_streams_are_known_and_their_body_is_ignored(path: bytes) -> None:
    assert parsing.form_of("POST", path, b"").read(b"[]", LIMITS).kind is Kind.STREAM


@pytest.mark.parametrize(
    ("authorization", "query", "token"),
    [
        (b"Bearer abc", b"", "abc"),
        (b"bearer  abc ", b"", "abc"),
        (b"", b"_token=abc", "abc"),
        (b"Bearer abc", b"x=1&_token=abc", "abc"),
        (b"", b"%5ftoken=a%62c", "abc"),
    ],
)
def test_the_token_is_found(authorization: bytes, query: bytes, token: str) -> None:
    assert parsing.find_token(authorization, query) == token


@pytest.mark.parametrize(
    ("authorization", "query"),
    [
        (b"", b""),
        (b"Bearer", b""),
        (b"Bearer ", b""),
        (b"Basic abc", b"_token=abc"),
        (b"Bearer a", b"_token=b"),
        (b"", b"_token=a&_token=b"),
        (b"", b"_token"),
        (b"Bearer \xff", b""),
        (b"Bearer " + b"x" * 1_000_000, b""),
    ],
)
def test_what_is_no_token_is_refused(authorization: bytes, query: bytes) -> None:
    with pytest.raises(MissingOrInvalidToken):
        parsing.find_token(authorization, query)


@given(st.lists(st.binary(), min_size=1))
def test_any_bytes_travel_through_the_path(command: list[bytes]) -> None:
    rest = "".join("/" + quote_from_bytes(argument, safe="") for argument in command)
    assert parsing.path_segments(rest.encode() + b"/") == command


WORDS = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(WORDS, min_size=1))
def test_any_strings_travel_through_json(command: list[str]) -> None:
    expected = [word.encode() for word in command]
    assert commands_in(orjson.dumps(command)) == [expected]
    assert commands_in(json.dumps(command).encode()) == [expected]
    assert commands_in(json.dumps({"command": command}).encode()) == [expected]
    assert commands_in(orjson.dumps([command, command]), b"/pipeline") == [expected] * 2


@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False)))
def test_numbers_keep_their_text(number: float) -> None:
    text = json.dumps(number)
    assert commands_in(f'["ECHO", {text}]'.encode()) == [[b"ECHO", text.encode()]]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(st.one_of(st.binary(), JSON.map(lambda value: json.dumps(value).encode())))
def test_any_body_is_understood_or_refused_in_a_sentence(body: bytes) -> None:
    for rest in (b"", b"/pipeline", b"/multi-exec"):
        words, sentence = understood(rest, body)
        assert sentence.startswith("ERR ") or all(type(word) is bytes for word in words)


def understood(rest: bytes, body: bytes) -> tuple[list[bytes], str]:
    try:
        request = parsing.form_of("POST", rest, b"").read(body, LIMITS)
    except RedisGateError as error:
        return [], error.message
    return [word for command in request.commands for word in command], ""


def test_a_pipeline_has_a_bound_that_the_answer_names() -> None:
    with pytest.raises(BadRequest, match="Limit: 2"):
        parsing.form_of("POST", b"/pipeline", b"").read(
            b'[["A"],["B"],["C"]]', Limits(pipeline_commands=2)
        )
