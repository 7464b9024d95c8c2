"""What a key may run on a server that has no user for it, by the server's own COMMAND. Pure.

A key's scope is written as ACL rules, and here they are read the way a server would read them:
from left to right, over the commands and categories that the server itself names. Beyond that
nobody but the scope admin gets what the gateway can't judge or what would reach further than
one database: scripts, and commands for all of the server.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from gateway.resp import Command, Reply
from instances.acl import Scope, rules_for

FIELDS = 7
"""Name, arity, flags, first key, last key, step, categories; the last came with Redis 6."""
SUBCOMMANDS = 9

_ADMIN_ONLY = frozenset({b"flushall", b"flushdb", b"swapdb", b"move", b"keys"})


class NotListed(ValueError):
    """The server doesn't say what its commands may do."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A command, or a subcommand such as ``client|list``, with its categories."""

    name: bytes
    parent: bytes
    categories: frozenset[bytes]


@dataclass(frozen=True)
class Table:
    """The commands of one server."""

    leaves: tuple[Leaf, ...]
    containers: frozenset[bytes]
    """Commands whose subcommands are listed, each with categories of its own."""
    _rights: dict[Scope, "Rights"] = field(default_factory=dict)

    @cached_property
    def names(self) -> frozenset[bytes]:
        return frozenset(leaf.parent for leaf in self.leaves) | self.containers

    def refusal(self, scopes: Collection[Scope], command: Command) -> str:
        """Say in the server's manner why a key of these scopes can't run it, or nothing."""
        name = command[0].lower()
        if name not in self.names:
            return f"ERR unknown command '{_shown(name)}'"
        scope = max(scopes, key=list(Scope).index)
        rights = self._rights.get(scope)
        if rights is None:
            rights = self._rights[scope] = _rights(self, scope)
        if rights.may(name, command, is_container=name in self.containers):
            return ""
        return (
            f"NOPERM this API key has no permissions to run the '{_shown(name)}' command on this "
            "server"
        )


@dataclass(frozen=True, slots=True)
class Rights:
    """What one scope may run: whole commands, single subcommands, and none of ``denied``."""

    scope: Scope
    allowed: frozenset[bytes]
    denied: frozenset[bytes]

    def may(self, name: bytes, command: Command, *, is_container: bool) -> bool:
        if self.scope is not Scope.ADMIN and _reaches_too_far(name, command):
            return False
        first = name + b"|" + command[1].lower() if len(command) > 1 else name
        if is_container:
            return first in self.allowed
        return first in self.allowed or (name in self.allowed and first not in self.denied)


def read(reply: Reply) -> Table:
    """Read the reply to ``COMMAND``. Raises NotListed."""
    if not isinstance(reply, list):
        raise NotListed("COMMAND isn't answered with a list")
    leaves: list[Leaf] = []
    containers = set()
    for entry in reply:
        leaf = _leaf(entry)
        subcommands = _subcommands(entry)
        if subcommands:
            containers.add(leaf.name)
            leaves += (_leaf(each) for each in subcommands)
        else:
            leaves.append(leaf)
    return Table(tuple(leaves), frozenset(containers))


def _subcommands(entry: Reply) -> list[Reply]:
    """Give the subcommands of an entry; servers before Redis 7 name none."""
    if not isinstance(entry, list) or len(entry) <= SUBCOMMANDS:
        return []
    found = entry[SUBCOMMANDS]
    return found if isinstance(found, list) else []


def _leaf(entry: Reply) -> Leaf:
    if not isinstance(entry, list) or len(entry) < FIELDS:
        raise NotListed("the server doesn't name the categories of its commands")
    name, categories = entry[0], entry[FIELDS - 1]
    if not isinstance(name, bytes) or not isinstance(categories, list):
        raise NotListed("the server's list of commands can't be read")
    known = frozenset(each for each in categories if isinstance(each, bytes))
    return Leaf(name.lower(), name.lower().partition(b"|")[0], known)


def _rights(table: Table, scope: Scope) -> Rights:
    """Read the rules of a scope, from left to right."""
    allowed: set[bytes] = set()
    denied: set[bytes] = set()
    for is_given, word in _rules(scope):
        named = {leaf.name for leaf in table.leaves if _is_meant(leaf, word)}
        if b"|" in word:
            named.add(word)
        if is_given:
            allowed |= named
            denied -= named
        else:
            allowed -= named
            denied |= named
    if scope is not Scope.ADMIN:
        scripts = {leaf.name for leaf in table.leaves if b"@scripting" in leaf.categories}
        allowed -= scripts
        denied |= scripts
    return Rights(scope, frozenset(allowed), frozenset(denied))


def _rules(scope: Scope) -> Iterator[tuple[bool, bytes]]:
    for rule in rules_for({scope}, ()):
        if rule.startswith(("+", "-")):
            yield rule.startswith("+"), rule[1:].encode()


def _is_meant(leaf: Leaf, word: bytes) -> bool:
    if word.startswith(b"@"):
        return word == b"@all" or word in leaf.categories
    return word in (leaf.name, leaf.parent)


def _reaches_too_far(name: bytes, command: Sequence[bytes]) -> bool:
    into_another = name == b"copy" and b"DB" in (word.upper() for word in command[3:])
    return name in _ADMIN_ONLY or into_another


def _shown(name: bytes) -> str:
    return name[:64].decode("ascii", "replace")
