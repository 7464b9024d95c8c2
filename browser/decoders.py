"""Values as people read them: what bytes hold, found by itself or as somebody wishes.

Bytes come from programs that nobody here knows, so each step is bounded, and nothing that could
run code is opened: a pickle is named, and that is all.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from browser import json_layout, msgpack_text, quoting

MAX_OUTPUT_BYTES = 1_000_000
MAX_LAYERS = 4
HEX_BYTES = 16_384

_GZIP = b"\x1f\x8b\x08"
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_RAW_DEFLATE, _ANY_HEADER = -15, 47
_PICKLE = re.compile(rb"\x80[\x02-\x05].*\.\Z", re.DOTALL)
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}={0,2}")
# Line ends and tabs are text; what joins an emoji is, too.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
PICKLE = "Python pickle: not opened, because opening one runs whatever code is in it."


class As(StrEnum):
    """What a person can wish a value to be read as."""

    AUTO = "auto"
    TEXT = "text"
    JSON = "json"
    MSGPACK = "msgpack"
    GZIP = "gzip"
    ZLIB = "zlib"
    BASE64 = "base64"
    HEX = "hex"


class NotThat(ValueError):
    """The bytes aren't what they were to be read as."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a value; ``layers`` are the steps to it, such as gzip and JSON."""

    text: str
    layers: tuple[str, ...]
    note: str = ""

    @property
    def path(self) -> str:
        return " → ".join(self.layers)


def decode(raw: bytes, wish: As = As.AUTO) -> Decoded:
    """Read bytes as wished, or as what they seem to be; never raises."""
    if wish is As.AUTO:
        return _guessed(raw, MAX_LAYERS)
    try:
        return _DECODERS[wish](raw)
    except NotThat as error:
        found = _guessed(raw, MAX_LAYERS)
        return replace(found, note=f"This is not {wish.value}: {error}")


def _guessed(raw: bytes, layers_left: int) -> Decoded:
    for read in _GUESSES:
        try:
            return read(raw, layers_left)
        except NotThat:
            continue
    return _hex(raw)


def _json(raw: bytes, _layers_left: int = 0) -> Decoded:
    try:
        return Decoded(json_layout.pretty(raw.decode("utf-8")), ("JSON",))
    except (UnicodeDecodeError, json_layout.NotJson) as error:
        raise NotThat(str(error)) from None


def _json_structure(raw: bytes, _layers_left: int) -> Decoded:
    # A lone number or word is JSON as well, but nobody means it.
    if raw.lstrip()[:1] not in (b"{", b"["):
        raise NotThat("no object and no array")
    return _json(raw)


def _text(raw: bytes, _layers_left: int = 0) -> Decoded:
    try:
        return Decoded(raw.decode("utf-8"), ("Text",))
    except UnicodeDecodeError:
        return Decoded(quoting.shown(raw), ("Text",), "Bytes that are no UTF-8 are escaped.")


def _readable_text(raw: bytes, _layers_left: int) -> Decoded:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise NotThat("not UTF-8") from None
    if _CONTROL.search(text):
        raise NotThat("control characters")
    return Decoded(text, ("Text",))


def _msgpack(raw: bytes, _layers_left: int = 0) -> Decoded:
    try:
        return Decoded(msgpack_text.render(raw), ("MessagePack",))
    except msgpack_text.NotMsgpack as error:
        raise NotThat(str(error)) from None


def _msgpack_structure(raw: bytes, _layers_left: int) -> Decoded:
    if not msgpack_text.is_structure(raw):
        raise NotThat("no map and no array")
    return _msgpack(raw)


def _pickle(raw: bytes, _layers_left: int) -> Decoded:
    if not _PICKLE.match(raw):
        raise NotThat("no pickle")
    return replace(_hex(raw), layers=("Pickle", "Hex"), note=PICKLE)


def _gzip(raw: bytes, layers_left: int = 1) -> Decoded:
    if not raw.startswith(_GZIP):
        raise NotThat("it does not start as gzip does.")
    return _inner("gzip", *_inflated(raw, (_ANY_HEADER,)), layers_left)


def _zlib(raw: bytes, layers_left: int = 1) -> Decoded:
    return _inner("zlib", *_inflated(raw, (_ANY_HEADER, _RAW_DEFLATE)), layers_left)


def _zlib_with_header(raw: bytes, layers_left: int) -> Decoded:
    if not raw.startswith(_ZLIB):
        raise NotThat("no header")
    return _inner("zlib", *_inflated(raw, (_ANY_HEADER,)), layers_left)


def _base64(raw: bytes, layers_left: int = 1) -> Decoded:
    return _inner("base64", _unbased(raw), "", layers_left)


def _base64_of_structure(raw: bytes, layers_left: int) -> Decoded:
    """Guess base64 only where something is inside: many plain words would pass for it."""
    if not _BASE64.fullmatch(raw) or layers_left < 1:
        raise NotThat("no base64")
    found = _base64(raw, layers_left)
    if found.layers[1] in ("Text", "Hex"):
        raise NotThat("nothing inside")
    return found


def _hex(raw: bytes, _layers_left: int = 0) -> Decoded:
    note = f"The first {HEX_BYTES:,} of {len(raw):,} bytes." if len(raw) > HEX_BYTES else ""
    return Decoded("\n".join(quoting.hex_lines(raw[:HEX_BYTES])), ("Hex",), note)


def _inner(layer: str, raw: bytes, note: str, layers_left: int) -> Decoded:
    found = _guessed(raw, layers_left - 1) if layers_left > 0 else _hex(raw)
    notes = " ".join(filter(None, (note, found.note)))
    return replace(found, layers=(layer, *found.layers), note=notes)


def _inflated(raw: bytes, windows: tuple[int, ...]) -> tuple[bytes, str]:
    """Unpack at most MAX_OUTPUT_BYTES, however much a bomb would hold."""
    problem = ""
    for window in windows:
        unpacking = zlib.decompressobj(window)
        try:
            inside = unpacking.decompress(raw, MAX_OUTPUT_BYTES)
        except zlib.error as error:
            problem = str(error)
            continue
        if not inside and not unpacking.eof:
            problem = "it ends too early."
            continue
        return inside, _unpacked_note(unpacking, len(inside))
    raise NotThat(problem)


def _unpacked_note(unpacking: "zlib._Decompress", size: int) -> str:
    if unpacking.eof:
        return ""
    if size >= MAX_OUTPUT_BYTES:
        return f"Only the first {MAX_OUTPUT_BYTES:,} bytes were unpacked."
    return "The packed data ends too early."


def _unbased(raw: bytes) -> bytes:
    tidy = raw.translate(bytes.maketrans(b"-_", b"+/"), b" \t\r\n").rstrip(b"=")
    try:
        return base64.b64decode(tidy + b"=" * (-len(tidy) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotThat(str(error)) from None


_GUESSES: tuple[Callable[[bytes, int], Decoded], ...] = (
    _json_structure,
    _base64_of_structure,
    _readable_text,
    _gzip,
    _zlib_with_header,
    _pickle,
    _msgpack_structure,
)
_DECODERS: dict[As, Callable[[bytes], Decoded]] = {
    As.TEXT: _text,
    As.JSON: _json,
    As.MSGPACK: _msgpack,
    As.GZIP: lambda raw: _gzip(raw, MAX_LAYERS),
    As.ZLIB: lambda raw: _zlib(raw, MAX_LAYERS),
    As.BASE64: lambda raw: _base64(raw, MAX_LAYERS),
    As.HEX: _hex,
}
