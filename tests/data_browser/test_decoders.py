"""What values hold, guessed and wished, and what a hostile one can't do."""

import base64
import gzip
import json
import pickle
import time
import zlib
from typing import Any

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from browser import decoders
from browser.decoders import As, decode

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


def zipped(raw: bytes) -> bytes:
    """Pack without the time of day, which would be part of the test's name."""
    return gzip.compress(raw, mtime=0)


def packed(raw: bytes) -> bytes:
    """Deflate without any header."""
    packing = zlib.compressobj(wbits=-15)
    return packing.compress(raw) + packing.flush()


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.text(max_size=5), json_values, max_size=5))
def test_json_object_is_laid_out_and_stays_what_it_is(value: dict[str, Any]) -> None:
    raw = json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    found = decode(raw)
    if found.layers == ("JSON",):
        assert json.loads(found.text) == value


@settings(deadline=None)
@given(st.binary(), st.sampled_from(As))
def test_any_bytes_read_as_anything_give_text(raw: bytes, wish: As) -> None:
    assert decode(raw, wish).layers


@settings(deadline=None)
@given(st.binary(), st.sampled_from([gzip.compress, zlib.compress, base64.b64encode, packed]))
def test_half_of_something_packed_gives_text(raw: bytes, pack: Any) -> None:
    whole = pack(raw)
    for wish in (As.AUTO, As.GZIP, As.ZLIB, As.BASE64):
        assert decode(whole[: len(whole) // 2], wish).layers


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        (b"hello", "Text"),
        ("👨‍👩‍👧 ü".encode(), "Text"),
        (b"", "Text"),
        (b"42", "Text"),
        (b'{"a":[1]}', "JSON"),
        (b"{broken", "Text"),
        (b"\x00\xff", "Hex"),
        (zipped(b'{"a":1}'), "gzip → JSON"),
        (zlib.compress(b"hello"), "zlib → Text"),
        (msgpack.packb({"a": [1, None, b"\xff"]}), "MessagePack"),
        (base64.b64encode(zipped(b"[1]")), "base64 → gzip → JSON"),
        (base64.b64encode(b"only some words here"), "Text"),
        (pickle.dumps({"a": 1}), "Pickle → Hex"),
    ],
)
def test_value_is_read_as_what_it_seems_to_be(raw: bytes, path: str) -> None:
    assert decode(raw).path == path


@pytest.mark.parametrize(
    ("raw", "wish", "path"),
    [
        (packed(b"hello"), As.ZLIB, "zlib → Text"),
        (base64.urlsafe_b64encode(b"\xff\xfe?").rstrip(b"="), As.BASE64, "base64 → Hex"),
        (b"hello", As.HEX, "Hex"),
        (b"42", As.JSON, "JSON"),
        (b"\x2a", As.MSGPACK, "MessagePack"),
        (b"a\xff", As.TEXT, "Text"),
    ],
)
def test_person_may_choose_how_a_value_is_read(raw: bytes, wish: As, path: str) -> None:
    assert decode(raw, wish).path == path


def test_wish_that_does_not_fit_says_so_and_shows_the_value_anyway() -> None:
    found = decode(b"hello", As.GZIP)
    assert (found.text, found.layers) == ("hello", ("Text",))
    assert "not gzip" in found.note


def test_pickle_is_named_and_not_opened() -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, tuple[str]]:
            return pytest.fail, ("the pickle was opened",)

    for wish in As:
        decode(pickle.dumps(Trap()), wish)
    assert "runs whatever code" in decode(pickle.dumps(Trap())).note


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress])
def test_bomb_is_unpacked_to_its_bound_alone(pack: Any) -> None:
    bomb = pack(b"a" * 200_000_000) if pack is zlib.compress else pack(b"a" * 50_000_000)
    started = time.process_time()
    found = decode(bomb)
    assert time.process_time() - started < 3
    assert len(found.text) <= decoders.MAX_OUTPUT_BYTES
    assert "Only the first 1,000,000 bytes" in found.note


def test_bombs_in_bombs_end_after_some_layers() -> None:
    raw = b"core"
    for _ in range(50):
        raw = gzip.compress(raw)
    assert decode(raw).layers.count("gzip") <= decoders.MAX_LAYERS + 1


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 100_000,
        b"[" * 500 + b"]" * 500,
        b'{"a":' * 90 + b"[" + b"1," * 100_000 + b"1]" + b"}" * 90,
        b"\xdd\xff\xff\xff\xff",
        b"\x91" * 100_000,
        b"\x91" * 500 + b"\x01",
        b"\xdf\xff\xff\xff\xff\x01",
    ],
)
def test_hostile_structure_costs_little_and_gives_text(raw: bytes) -> None:
    started = time.process_time()
    for wish in (As.AUTO, As.JSON, As.MSGPACK):
        assert len(decode(raw, wish).text) <= 3_000_000
    assert time.process_time() - started < 3


def test_msgpack_keeps_doubled_and_odd_keys() -> None:
    text = decode(b"\x82\x01\xa1a\x01\xa1b").text
    assert text == '{\n  1: "a",\n  1: "b"\n}'
