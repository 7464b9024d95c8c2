"""One open key, as its page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from browser import contents, decoders, groups, key_facts, quoting
from browser.connection import Command, Server
from browser.contents import Row, Where
from browser.decoders import Decoded
from browser.key_facts import Facts
from browser.refusals import KeyGone
from browser.state import State

PREVIEW_LENGTH = 300
DECODED_PREVIEW_BYTES = 64 * 1024

# What of a key can be opened alone, and how.
_ELEMENT: Mapping[str, str] = {"hash": "HGET", "list": "LINDEX"}


@dataclass(frozen=True, slots=True)
class Element:
    """One line of a key's contents."""

    ref: str
    """Names it in addresses: field, index, member or id."""
    label: str
    text: str
    layers: str
    is_cut: bool
    size: int
    fields: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A key with one window of what it holds, or with one element alone."""

    facts: Facts
    ref: str
    name: str
    elements: list[Element]
    value: Decoded | None
    value_bytes: int
    copy_text: str
    command: str
    following: str
    groups: list[groups.Group]
    first_query: str
    following_query: str
    label: str = ""
    """Names the element that is open alone, and ``element_ref`` in addresses."""
    element_ref: str = ""

    @property
    def may_be_edited_whole(self) -> bool:
        return self.facts.kind == "string" and self.facts.length <= contents.STRING_BYTES


def show(server: Server, state: State) -> Shown:
    """Read the open key as the state asks; raises KeyGone."""
    assert state.key is not None
    facts = key_facts.look_up(server, state.key)
    if state.element is not None and facts.kind in _ELEMENT:
        return _one_element(server, facts, state)
    where = Where(state.start, _pattern(state.match))
    window = contents.read(server, facts, where)
    is_string = facts.kind == "string"
    raw = window.rows[0].value if is_string else b""
    value = decoders.decode(raw, state.wish) if is_string else None
    return Shown(
        facts=facts,
        ref=quoting.to_ref(facts.name),
        name=quoting.shown(facts.name),
        elements=[] if is_string else [_element(facts, row) for row in window.rows],
        value=value,
        value_bytes=len(raw),
        copy_text=_copied(raw),
        command=_command(state, window.command),
        following=window.following,
        groups=groups.read(server, facts.name) if facts.kind == "stream" else [],
        first_query=state.but(start=""),
        following_query=state.but(start=window.following),
    )


def _one_element(server: Server, facts: Facts, state: State) -> Shown:
    assert state.element is not None
    command: Command = (_ELEMENT[facts.kind], facts.name, state.element)
    if facts.kind == "list" and not state.element.isdigit():
        raise KeyGone
    raw = server.send(*command)
    if raw is None:
        raise KeyGone
    return Shown(
        facts=facts,
        ref=quoting.to_ref(facts.name),
        name=quoting.shown(facts.name),
        elements=[],
        value=decoders.decode(raw[: contents.STRING_BYTES], state.wish),
        value_bytes=len(raw),
        copy_text=_copied(raw),
        command=_command(state, command),
        following="",
        groups=[],
        first_query="",
        following_query="",
        label=quoting.shown(state.element) or "(empty)",
        element_ref=quoting.to_ref(state.element),
    )


def _element(facts: Facts, row: Row) -> Element:
    decoded = _preview(row.value)
    named = row.label if facts.kind in ("hash", "list", "stream") else row.value
    return Element(
        ref=quoting.to_ref(named),
        label=quoting.shown(row.label),
        text=decoded.text[:PREVIEW_LENGTH],
        layers=decoded.path if decoded.layers != ("Text",) else "",
        is_cut=len(decoded.text) > PREVIEW_LENGTH,
        size=len(row.value),
        fields=[(quoting.shown(name), _preview(value).text) for name, value in row.fields],
    )


def _preview(raw: bytes) -> Decoded:
    """Decode what is packed, and write all else on one line."""
    found = decoders.decode(raw[:DECODED_PREVIEW_BYTES])
    if found.layers in (("Text",), ("JSON",), ("Hex",)):
        text = quoting.shown(raw[: PREVIEW_LENGTH * 4])
        return replace(found, text=text, layers=found.layers if text else ())
    return found


def _copied(raw: bytes) -> str:
    """Give the value to be copied: as it is, or as a command would hold it."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return quoting.argument(raw)


def _command(state: State, command: Command) -> str:
    return quoting.select(state.database) + quoting.command(*command)


def _pattern(words: str) -> bytes:
    """Search within a key like in the list: part of a name, or a pattern with a star."""
    if not words:
        return b""
    raw = quoting.unescaped(words)
    return raw if b"*" in raw else b"*" + raw + b"*"
