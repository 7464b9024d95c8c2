"""What a server says of its own commands: for completion, help and the audit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from console import refusals, rights
from console.link import Command, Link
from console.reading import Bounds
from console.replies import Plain, plain
from console.syntax import fields, syntax
from instances.acl import Scope

# All of a server's manual is some 40,000 elements, far more than a page would show of a reply.
_BOUNDS = Bounds(elements=500_000, bytes=16 * 1024 * 1024)
_CACHED_VERSIONS = 16


@dataclass(frozen=True, slots=True)
class Entry:
    """One command or subcommand; ``name`` is as people write it, ``CLIENT LIST``."""

    name: str
    syntax: str
    summary: str
    since: str
    complexity: str
    categories: frozenset[str]
    keys: tuple[int, int, int]
    """Places of the first and the last key and the step between them; zeros for none."""

    @property
    def words(self) -> list[bytes]:
        return self.name.encode().split()

    @property
    def is_welcome(self) -> bool:
        """Tell whether the console itself has nothing against it."""
        return refusals.why_not(self.words, in_transaction=False) is None

    @property
    def acl_name(self) -> str:
        return self.name.lower().replace(" ", "|")


class Manual:
    """The commands of one version of a server."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._entries = entries

    def find(self, words: Sequence[bytes]) -> Entry | None:
        """Find the entry of a command, that of its subcommand where there is one."""
        names = [word.decode("utf-8", "replace").upper() for word in words[:2]]
        return self._entries.get(" ".join(names)) or self._entries.get(names[0])

    def may_run(self, scope: Scope, words: Sequence[bytes]) -> bool:
        """Tell whether the server would let a scope run it; unknown commands are its to refuse."""
        entry = self.find(words)
        return entry is None or rights.may_run(scope, entry.acl_name, entry.categories)

    def keys_of(self, words: Sequence[bytes]) -> list[bytes]:
        """Give the names of keys, where the server knows their places."""
        entry = self.find(words)
        first, last, step = entry.keys if entry else (0, 0, 0)
        if not first:
            return []
        end = last if last >= 0 else len(words) + last
        return list(words[first : end + 1 : max(step, 1)])

    def listed(self, scope: Scope) -> list[dict[str, Any]]:
        """List every command for a page, and which of them a scope may run here."""
        return [
            {
                "name": entry.name,
                "syntax": entry.syntax,
                "summary": entry.summary,
                "since": entry.since,
                "complexity": entry.complexity,
                "allowed": entry.is_welcome and self.may_run(scope, entry.words),
            }
            for entry in self._entries.values()
        ]


_by_version: dict[str, Manual] = {}


async def manual_of(link: Link, *, is_ours: bool) -> Manual:
    """Give the manual of the server at the other end.

    Servers that we run have the same one in the same version, and it is read once for all.
    """
    if not is_ours:
        return await _read(link)
    info = await _ask(link, "INFO", "server")
    version = "".join(line for line in str(info).splitlines() if "_version:" in line)
    if version not in _by_version:
        made = await _read(link)
        while len(_by_version) >= _CACHED_VERSIONS:
            del _by_version[next(iter(_by_version))]
        _by_version[version] = made
    return _by_version[version]


async def _read(link: Link) -> Manual:
    infos = _infos(await _ask(link, "COMMAND"))
    docs = fields(await _ask(link, "COMMAND", "DOCS"))
    entries = (each for name in docs for each in _entries(name, fields(docs[name]), infos))
    return Manual({entry.name: entry for entry in sorted(entries, key=lambda each: each.name)})


async def _ask(link: Link, *command: str) -> Plain:
    words: Command = command
    return plain(await link.ask(words, _BOUNDS))


def _infos(reply: Plain) -> dict[str, list[Any]]:
    """Give what COMMAND says, by name, subcommands among them."""
    listed: list[Any] = reply if isinstance(reply, list) else []
    found: dict[str, list[Any]] = {}
    for info in listed:
        found[info[0]] = info
        found |= _infos(info[9] if len(info) > 9 else [])
    return found


def _entries(name: str, doc: dict[str, Any], infos: dict[str, list[Any]]) -> Iterator[Entry]:
    below = fields(doc.get("subcommands"))
    if not below or "arguments" in doc:
        yield _entry(name, doc, infos.get(name, []))
    for full_name in below:
        yield _entry(full_name, fields(below[full_name]), infos.get(full_name, []))


def _entry(name: str, doc: dict[str, Any], info: list[Any]) -> Entry:
    first, last, step = info[3:6] if len(info) > 6 else (0, 0, 0)
    return Entry(
        name=name.upper().replace("|", " "),
        syntax=syntax(doc.get("arguments")),
        summary=str(doc.get("summary", "")),
        since=str(doc.get("since", "")),
        complexity=str(doc.get("complexity", "")),
        categories=frozenset(info[6] if len(info) > 6 else ()),
        keys=(first, last, step),
    )
