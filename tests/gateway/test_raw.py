"""Replies in the bytes of the protocol."""

from typing import cast

import hiredis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway import raw
from gateway.errors import BrokenReply
from gateway.raw import LINE_BYTES_MAX, Raw, RawError, RawReader
from gateway.resp import NOT_YET, ErrorReply, Reply

REPLIES = (
    b"+OK\r\n",
    b"$2\r\nOK\r\n",
    b"$-1\r\n",
    b"*-1\r\n",
    b"*0\r\n",
    b"$0\r\n\r\n",
    b":-12\r\n",
    b"$4\r\n\r\n*1\r\n",
    b"*3\r\n*2\r\n:1\r\n$1\r\na\r\n$-1\r\n*1\r\n*0\r\n",
    b"*1\r\n" * 5000 + b":1\r\n",
)
VALUES = st.recursive(
    st.none() | st.integers(-(2**63), 2**63 - 1) | st.binary(max_size=20),
    lambda inner: st.lists(inner, max_size=5),
    max_leaves=20,
)


def cut(stream: bytes, size: int) -> list[object]:
    """Feed a stream in pieces and take whatever comes, as soon as it comes."""
    reader, replies = RawReader(), []
    for start in range(0, len(stream), size):
        reader.feed(stream[start : start + size])
        while (reply := reader.gets()) is not NOT_YET:
            replies.append(reply)
    return replies


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100_000])
def test_replies_are_cut_where_they_end(size: int) -> None:
    assert cut(b"".join(REPLIES), size) == list(REPLIES)


@given(st.lists(VALUES, max_size=5), st.integers(1, 50))
def test_what_is_written_is_cut_and_read_as_it_was(values: list[Reply], size: int) -> None:
    found = cut(raw.encode(values), size)
    assert [raw.parsed(cast("Raw", reply)) for reply in found] == values


def test_an_error_keeps_its_bytes() -> None:
    [error] = cut(b"-ERR unknown command '\xff'\r\n", 5)
    assert isinstance(error, RawError)
    assert error.text == "ERR unknown command '\ufffd'"
    assert raw.encode([error]) == b"-ERR unknown command '\xff'\r\n"


@pytest.mark.parametrize(
    "stream",
    [
        b"%1\r\n",
        b"\r\n",
        b"$x\r\n",
        b"$-2\r\n",
        b"*\r\n",
        b"$1\r\nabc",
        b"+" + b"x" * (LINE_BYTES_MAX + 1),
    ],
)
def test_what_is_no_reply_is_refused(stream: bytes) -> None:
    with pytest.raises(hiredis.ProtocolError):
        cut(stream, len(stream))


def test_replies_of_ours_stand_between_those_of_the_server() -> None:
    replies: list[Reply] = [
        Raw(b"+OK\r\n"),
        ErrorReply("ERR a\r\nb"),
        [b"x", None, 1],
        RawError(b"-E\r\n"),
    ]
    assert raw.encode(replies) == b"+OK\r\n-ERR a  b\r\n*3\r\n$1\r\nx\r\n$-1\r\n:1\r\n-E\r\n"


def test_only_what_is_raw_is_parsed() -> None:
    assert raw.parsed(Raw(b"*2\r\n+OK\r\n:1\r\n")) == [b"OK", 1]
    assert raw.parsed(b"+OK\r\n") == b"+OK\r\n"
    with pytest.raises(BrokenReply):
        raw.parsed(Raw(b"*1\r\n" * 5000 + b":1\r\n"))
