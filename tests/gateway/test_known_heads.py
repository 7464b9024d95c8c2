"""A head that says the same as a known one is never taken for more than that."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import httptools
import pytest
import pytest_asyncio
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gateway import fast_heads, special
from gateway.fast_heads import UNCOMMON, UNREAD, FastHead
from gateway.fastlane import FastLane
from gateway.known_heads import VALUE_BYTES_MAX, KnownHeads
from tests.gateway.door_pairs import NEW
from tests.gateway.doors import Door, opened, serving
from tests.gateway.parts import Server

LIMIT_BYTES = 100
BODY = b'["PING"]'
TOKEN = b"upstash-sync-token: 0a1B"
PLACE = b"/redis/3f0c2a52-8a1f-4f0e-9d3c-0d6a7f3b9e11"
LINES = (
    b"Host: x",
    b"Authorization: Bearer writer-token",
    TOKEN,
    b"Accept: upstash-sync-token: 1",
    b"content-length: 8",
)


def request(*lines: bytes, body: bytes = BODY, start: bytes = b"POST %b HTTP/1.1" % PLACE) -> bytes:
    return b"\r\n".join((start, *lines, b"", body))


SEED = request(*LINES)
ODD_VALUES = [b"", b" ", b" a", b"a ", b"a\tb", b"a b", b"a\0b", b"a\rb", b"a\nb", b"a\r\r", b"a\n"]
ODD_VALUES += [b"a\r\n b", b"a\r\n\tb", b"\xc3\xa9", b"a\x7f", b"x" * (VALUE_BYTES_MAX + 1)]


@dataclass
class Reading:
    """The ordinary way: what the parser says of one piece of data."""

    heads: list[FastHead | None] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    completed: int = 0
    lasting: int = 0
    """How many of these requests leave the connection open."""

    def __post_init__(self) -> None:
        self._parser = httptools.HttpRequestParser(self)
        self._parser.set_dangerous_leniencies(lenient_data_after_close=True)

    def feed(self, data: bytes) -> "Reading":
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self.heads.append(None)
        return self

    def on_message_begin(self) -> None:
        self._url, self._pairs = b"", list[tuple[bytes, bytes]]()

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._pairs.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        method = self._parser.get_method()
        self.heads.append(fast_heads.read(method, self._url, self._pairs, LIMIT_BYTES))
        self.bodies.append(b"")

    def on_body(self, body: bytes) -> None:
        self.bodies[-1] += body

    def on_message_complete(self) -> None:
        self.completed += 1
        self.lasting += self._parser.should_keep_alive()


def knowing(*requests: bytes) -> KnownHeads:
    known = KnownHeads()
    for data in requests:
        [head] = Reading().feed(data).heads
        assert head is not None
        known.remember(data, head)
    return known


def said(head: FastHead) -> tuple[object, ...]:
    """Give all that anybody reads of a head."""
    head.prepare()
    return head.method, head.path, head.query, head.headers, head.is_common


def head_bytes(known: KnownHeads, data: bytes) -> int:
    shape = known.find(data)
    return 0 if shape is None else shape.head_bytes(data)


def is_known(data: bytes, *requests: bytes) -> bool:
    """Tell whether it is known after the others; what is known has the meaning it would have."""
    requests = requests or (SEED,)
    known = knowing(*requests)
    size = head_bytes(known, data)
    # A connection asks the shape of its last request first.
    shapes = [shape for each in requests if (shape := known.find(each)) is not None]
    assert size == max((shape.head_bytes(data) for shape in shapes), default=0)
    shape = known.find(data)
    if shape is None or not size:
        return False
    reading = Reading().feed(data)
    [head] = reading.heads
    assert head is not None
    assert said(shape.head) == said(head)
    assert (reading.bodies, reading.completed, reading.lasting) == ([data[size:]], 1, 1)
    return True


def with_token(line: bytes) -> bytes:
    return SEED.replace(TOKEN, line)


@pytest.mark.parametrize(
    "value", [b"1", b"0a1B" * 8, b"MTo6MQ==", b"a-b_c.d:e/f+g", b"x" * VALUE_BYTES_MAX]
)
def test_another_token_says_the_same(value: bytes) -> None:
    assert is_known(with_token(b"upstash-sync-token: " + value))


@pytest.mark.parametrize("value", ODD_VALUES)
def test_an_odd_token_goes_the_ordinary_way(value: bytes) -> None:
    assert not is_known(with_token(b"upstash-sync-token: " + value))


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"X: 1",
        b"Upstash-Sync-Token: 1",
        b"upstash-sync-token:1",
        b"upstash-sync-token : 1",
        b"upstash-sync-token: 1\r\nupstash-sync-token: 2",
        b"upstash-sync-token: 1\r\nX: 1",
        b"upstash-sync-token: 1\r\ncontent-length: 8",
        b"upstash-sync-token: 1\r\nTransfer-Encoding: chunked",
        b"upstash-sync-token: 1\r\nConnection: close",
        b"upstash-sync-token: 1\r\n\r\n",
        b"X: 1\r\n upstash-sync-token: 1",
    ],
)
def test_another_line_is_another_head(line: bytes) -> None:
    assert not is_known(with_token(line))


def test_each_spelling_is_known_by_itself() -> None:
    python = with_token(b"Upstash-Sync-Token: 1")
    assert is_known(python.replace(b"Token: 1", b"Token: 2"), SEED, python)


def test_a_name_in_a_value_or_in_the_body_is_no_header() -> None:
    assert not is_known(SEED.replace(b"Accept: upstash-sync-token: 1", b"Accept: u: 2"))
    assert not is_known(
        SEED.replace(b"Accept: upstash-sync-token: 1", b"Accept: upstash-sync-token: 2")
    )
    body = b"\r\nupstash-sync-token: 1\r\n"
    seed = request(b"content-length: %d" % len(body), body=body)
    assert head_bytes(knowing(seed), seed.replace(b": 1", b": 2")) == len(seed) - len(body)


def test_several_tokens_may_all_change() -> None:
    seed = with_token(TOKEN + b"\r\nUPSTASH-sync-token: 2\r\ntraceparent: 00-ab-cd-01")
    assert is_known(
        seed.replace(b": 2", b": x").replace(b"00-", b"01-").replace(b"0a1B", b"3"), seed
    )


def test_the_length_may_change_with_the_body() -> None:
    for size in (0, 1, 8, LIMIT_BYTES):
        body = b"x" * size
        data = SEED.replace(BODY, body)
        assert is_known(data.replace(b"length: 8", b"length: %d" % size))
        assert not is_known(data.replace(b"length: 8", b"length: %d" % (size + 1)))
        assert not is_known((data + b"x").replace(b"length: 8", b"length: %d" % size))


@pytest.mark.parametrize("length", [b"+8", b"-8", b"8,8", b"0x8", b"8;", b"1e1", b"\xc2\xb2", b""])
def test_an_odd_length_is_not_known(length: bytes) -> None:
    assert not is_known(SEED.replace(b"length: 8", b"length: " + length))


def test_a_body_above_the_limit_is_not_known() -> None:
    body = b"x" * (LIMIT_BYTES + 1)
    data = SEED.replace(BODY, body).replace(b"length: 8", b"length: %d" % len(body))
    assert not is_known(data)


def test_a_part_or_more_than_one_request_is_not_known() -> None:
    for size in range(len(SEED)):
        assert not is_known(SEED[:size])
    assert not is_known(SEED + SEED)
    assert not is_known(SEED + b"\r\n")
    assert not is_known(b"\r\n" + SEED)


def test_a_head_without_a_body_is_known() -> None:
    get = request(TOKEN, body=b"", start=b"GET %b/get/a HTTP/1.1" % PLACE)
    assert is_known(get.replace(b"0a1B", b"2"), get)
    assert not is_known(get.replace(b"/get/a", b"/get/b"), get)


def test_a_large_head_is_not_remembered() -> None:
    large = with_token(b"X: " + b"x" * 4096)
    assert not is_known(large, SEED, large)


def test_what_is_used_survives_what_is_not() -> None:
    known = KnownHeads(size=4)
    [head] = Reading().feed(SEED).heads
    assert head is not None
    known.remember(SEED, head)
    for number in range(50):
        known.remember(with_token(b"X: %d" % number), head)
        assert head_bytes(known, SEED)
    assert not head_bytes(known, with_token(b"X: 1"))
    assert head_bytes(known, with_token(b"X: 49"))


def test_nobody_can_read_what_changes() -> None:
    [head] = Reading().feed(SEED).heads
    assert head is not None
    assert UNREAD.isdisjoint(head.headers)
    assert b"content-length" not in head.headers
    assert UNREAD.isdisjoint({*UNCOMMON, *special.BY_HEADER, b"user-agent", b"x-forwarded-for"})


PIECES = [
    b"\r\n",
    b"\r",
    b"\n",
    b"\0",
    b" ",
    b"\t",
    b":",
    b"\r\n ",
    b"\r\n\r\n",
    b"8",
    b"\xff",
    BODY,
]
PIECES += [
    TOKEN,
    b"\r\n" + TOKEN,
    TOKEN + b"\r\n",
    TOKEN + b"\r\n\r\n",
    b"\r\nConnection: close",
    SEED,
]
PIECES += [b"\r\ncontent-length: 8", b"\r\nTransfer-Encoding: chunked", b"\r\nExpect: 100-continue"]
AT_TOKEN = SEED.index(TOKEN)
AT_LENGTH = SEED.index(b"\r\ncontent-length")


@st.composite
def mutations(draw: st.DrawFn, seed: bytes = SEED) -> bytes:
    """Change what is around the gaps more often than the rest."""
    data = seed
    for _ in range(draw(st.integers(1, 3))):
        near = st.integers(AT_TOKEN - 3, AT_TOKEN + len(TOKEN) + 3)
        length = st.integers(AT_LENGTH, len(SEED))
        at = draw(near | length | st.integers(0, len(SEED)))
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=3))
        data = data[:at] + piece + data[at + draw(st.integers(0, 6)) :]
    return data


@settings(max_examples=500, deadline=None)
@given(mutations())
@example(SEED)
@example(with_token(TOKEN + b"9"))
def test_whatever_is_known_means_what_a_parser_says(data: bytes) -> None:
    is_known(data)
    is_known(data, SEED, with_token(b"X: 1"))


class Forgetful(FastLane):
    """A door that takes each head for a new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._heads = KnownHeads(bytes_max=0)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def ports() -> AsyncIterator[tuple[int, int]]:
    async with serving(FastLane) as fast, serving(Forgetful) as forgetful:
        yield fast.port, forgetful.port


@pytest_asyncio.fixture(loop_scope="module")
async def doors(ports: tuple[int, int], server: Server) -> AsyncIterator[tuple[Door, Door]]:
    async with opened(ports[0], [server]) as [fast]:
        yield fast, replace(fast, port=ports[1])


async def answers(door: Door, data: bytes, *, cut: int = 0) -> bytes:
    """Give every byte of the answers after a known request, less what is always new."""
    seed, data = [each.replace(PLACE, door.path.encode()) for each in (SEED, data)]
    async with door.wire() as wire:
        for _ in range(2):
            await wire.exchange(seed)
        await wire.send(data[:cut], data[cut:])
        wire.writer.write_eof()
        answer = NEW.sub(rb"\1", await wire.rest())
    return answer.replace(b"connection: close\r\n", b"")  # where the end came first


@pytest.mark.asyncio(loop_scope="module")
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=mutations())
async def test_a_door_that_remembers_answers_like_one_that_does_not(
    doors: tuple[Door, Door], data: bytes
) -> None:
    remembering, forgetful = [await answers(door, data) for door in doors]
    assert remembering == forgetful


@pytest.mark.asyncio(loop_scope="module")
async def test_requests_in_any_pieces_are_answered_alike(doors: tuple[Door, Door]) -> None:
    three = SEED + with_token(b"upstash-sync-token: 7") + SEED
    for cut in (1, AT_TOKEN + 4, AT_TOKEN + len(TOKEN), len(SEED) - 8, len(SEED), len(SEED) + 9):
        remembering, forgetful = [await answers(door, three, cut=cut) for door in doors]
        assert remembering == forgetful
        assert remembering.count(b'{"result":"PONG"}') == 3
