"""Values as people type them, and how a value is put into a field to be edited."""

import binascii
from base64 import b64decode
from collections.abc import Callable
from enum import StrEnum

from browser import json_layout, quoting


class Written(StrEnum):
    """How the text in a field is to be understood."""

    TEXT = "text"
    JSON = "json"
    ESCAPED = "escaped"
    HEX = "hex"
    BASE64 = "base64"


CHOICES = [
    (Written.TEXT, "Text"),
    (Written.JSON, "JSON"),
    (Written.ESCAPED, r"Escaped (\x00)"),
    (Written.HEX, "Hex"),
    (Written.BASE64, "Base64"),
]
NAME_CHOICES = [choice for choice in CHOICES if choice[0] is not Written.JSON]


def to_bytes(text: str, written: Written) -> bytes:
    """Read what was typed; raises ValueError with the reason.

    Forms send each line end as CR LF, whatever was in the field; what has real ones is edited
    as escapes.
    """
    text = text.replace("\r\n", "\n")
    try:
        return _READERS[written](text)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"This is not {_SAID[written]}: {error}") from None


def to_text(raw: bytes) -> tuple[str, Written]:
    """Write a value so that, unchanged, it is read back as the very same bytes."""
    text = raw.decode("utf-8", "replace")
    if b"\r" not in raw and text.encode() == raw and text.replace("\n", "").isprintable():
        return _with_json(text)
    if len(raw) * 4 > 2 * len(quoting.shown(raw, quote="\\")):
        return quoting.shown(raw, quote="\\"), Written.ESCAPED
    return raw.hex(" "), Written.HEX


def _with_json(text: str) -> tuple[str, Written]:
    """Lay JSON out over lines where the typed spaces of it don't get lost by that."""
    try:
        if text[:1] in ("{", "[") and json_layout.compact(text) == text:
            return json_layout.pretty(text), Written.JSON
    except json_layout.NotJson:
        pass
    return text, Written.TEXT


_SAID = {
    Written.TEXT: "text",
    Written.JSON: "JSON",
    Written.ESCAPED: "text with escapes",
    Written.HEX: "hex",
    Written.BASE64: "base64",
}
_READERS: dict[Written, Callable[[str], bytes]] = {
    Written.TEXT: lambda text: text.encode("utf-8"),
    Written.JSON: lambda text: json_layout.compact(text).encode("utf-8"),
    Written.ESCAPED: quoting.unescaped,
    Written.HEX: bytes.fromhex,
    Written.BASE64: lambda text: b64decode("".join(text.split()), validate=True),
}
