"""Bytes as people read and type them: names in pages, arguments of commands, words in addresses.

Names and values of a server are bytes, and any of them may be there: NUL, line ends, halves of
characters. What is shown follows redis-cli, so that it can be pasted there.
"""

import base64
import binascii
import re
from collections.abc import Iterable

from redisgate.lib.errors import InvalidInput

_BARE = re.compile(r"[A-Za-z0-9_.:/@+,=~%^-]+")
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\a": "\\a", "\b": "\\b"}
_ESCAPE = re.compile(rb"\\(x[0-9a-fA-F]{2}|.)", re.DOTALL)
_MEANS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b"}


def shown(raw: bytes, *, quote: str = "") -> str:
    """Write bytes as text: printable UTF-8 as it is, all else as redis-cli escapes it.

    ``quote`` is escaped, too, and so is the backslash then.
    """
    text = raw.decode("utf-8", "surrogateescape")
    if not quote and text.isprintable():
        return text
    return "".join(_escaped(char, quote) for char in text)


def argument(raw: bytes) -> str:
    """Write one argument of a command for redis-cli, in quotes where it needs them."""
    text = raw.decode("utf-8", "surrogateescape")
    return text if _BARE.fullmatch(text) else f'"{shown(raw, quote=chr(34))}"'


def command(*words: bytes | str | int) -> str:
    """Write a command that can be pasted into redis-cli or the console."""
    return " ".join(argument(w if isinstance(w, bytes) else str(w).encode()) for w in words)


def select(database: int) -> str:
    """Write what must come before a command that is meant for another database than the first."""
    return f"SELECT {database}\n" if database else ""


def unescaped(text: str) -> bytes:
    r"""Read text with redis-cli's escapes (``\xff``, ``\n``, ``\\``) back into bytes."""
    return _ESCAPE.sub(_meaning, text.encode("utf-8", "surrogatepass"))


def to_ref(raw: bytes) -> str:
    """Write bytes for an address or a form field (base64url without padding)."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_ref(text: str) -> bytes:
    """Read them back; raises InvalidInput for what `to_ref` never wrote."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InvalidInput(
            "This address holds no name of a key. Open the key from the list.",
            log="a reference isn't base64url",
        ) from None
    return raw


def hex_lines(raw: bytes, *, width: int = 16) -> Iterable[str]:
    """Write bytes as a hex view: offset, bytes, and what of them is printable ASCII."""
    for offset in range(0, len(raw), width):
        part = raw[offset : offset + width]
        printable = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        yield f"{offset:08x}  {part.hex(' '):<{width * 3 - 1}}  {printable}"


def _escaped(char: str, quote: str) -> str:
    if char in _NAMED:
        return _NAMED[char]
    if char == quote or (quote and char == "\\"):
        return "\\" + char
    if char.isprintable():
        return char
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape"))


def _meaning(found: re.Match[bytes]) -> bytes:
    what = found[1]
    if len(what) == 3:
        return bytes.fromhex(what[1:].decode())
    return _MEANS.get(what, what)
