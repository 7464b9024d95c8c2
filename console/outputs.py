"""Replies as the console shows them: redis-cli's lines, without what is the host's alone."""

import re
from collections.abc import Sequence
from dataclasses import replace

from console.dangers import count
from console.printing import printed
from console.replies import Bulk, Many, Reply, Status, left_out
from redisgate.lib import host_paths

_TEXTS = frozenset(
    {b"INFO", b"LOLWUT", b"CLIENT INFO", b"CLIENT LIST", b"CLUSTER INFO", b"CLUSTER NODES"}
    | {b"LATENCY DOCTOR", b"LATENCY GRAPH", b"MEMORY DOCTOR", b"MEMORY MALLOC-STATS"}
)
_LOGS = frozenset({b"SLOWLOG", b"COMMANDLOG"})
# 1795270569.329123 [0 unix:/path/of.sock] "set" "a" "b"
_MONITORED = re.compile(rb'(?P<at>[\d.]+ \[\d+ )unix:[^\]]*(?P<what>\] "(?P<name>[^"]*)".*)', re.S)
_OF_THE_PLATFORM = frozenset({b"auth", b"client", b"hello", b"info", b"ping"})


def shown(words: Sequence[bytes], reply: Reply) -> str:
    """Write a reply to these words."""
    name = words[0].upper()
    is_text = name in _TEXTS or b" ".join(words[:2]).upper() in _TEXTS
    if is_text and isinstance(reply, Bulk):
        reply = replace(reply, data=host_paths.blanked(reply.data))
    if name in _LOGS and isinstance(reply, Many):
        reply = replace(reply, items=tuple(map(_without_address, reply.items)))
    return printed(reply, as_text=is_text)


def rest(reply: Reply) -> str:
    """Say how much of a reply was left out; nothing when it is whole."""
    elements, size = left_out(reply)
    parts = [count(elements, "element")] * bool(elements) + [count(size, "byte")] * bool(size)
    return f"{' and '.join(parts)} more were not read." if parts else ""


def monitored(reply: Reply) -> str | None:
    """Write one line of MONITOR; None for what the platform asks for itself.

    Its own requests come over the unix socket, whose path is the host's, like commands over HTTP.
    """
    if not isinstance(reply, Status):
        return printed(reply)
    found = _MONITORED.fullmatch(reply.text)
    if found is None:
        return printed(reply)
    if found["name"].lower() in _OF_THE_PLATFORM:
        return None
    return printed(Status(found["at"] + b"RedisGate" + found["what"]))


def _without_address(entry: Reply) -> Reply:
    """Blank the client's address in an entry of a log of commands, its fifth element."""
    if not isinstance(entry, Many) or len(entry.items) < 5:
        return entry
    address = entry.items[4]
    if isinstance(address, Bulk):
        address = replace(address, data=host_paths.blanked_address(address.data))
    return replace(entry, items=(*entry.items[:4], address, *entry.items[5:]))
