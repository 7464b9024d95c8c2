"""May this command ride on a connection that others share? Pure.

Only the connection is protected here: what a key may do to data is the server's ACL's business.
A command is refused when it changes the connection's state, answers with another number of
replies than one, or holds up everybody behind it.
"""

from collections.abc import Callable, Iterable, Sequence

from gateway import dialect
from gateway.command_names import SPELLINGS

Rule = Callable[[Sequence[bytes]], str | None]
"""Gives the way out in words when the command is refused."""

NO_SESSION = "There is no session over HTTP: each request brings its own API key"
NATIVE_ONLY = "It needs a connection of its own: connect with redis:// and the same key"
NO_BLOCKING = (
    "Blocking commands can't be used over HTTP: use the form that doesn't block, or send it alone "
    "with the header Redisgate-Block and the milliseconds it may wait"
)
USE_STREAM = (
    "Ask for a stream of events at /subscribe/channel, /psubscribe/pattern or /monitor, or connect "
    "with redis:// and the same key"
)
USE_MULTI_EXEC = "Send the commands of a transaction together to /multi-exec"

SHARED_CLIENT_SUBCOMMANDS = frozenset(
    {b"GETNAME", b"GETREDIR", b"HELP", b"ID", b"INFO", b"KILL"}
    | {b"LIST", b"TRACKINGINFO", b"UNBLOCK", b"UNPAUSE"}
)
# How many values follow an option of XREAD and XREADGROUP, so that a group may be named BLOCK.
STREAM_OPTION_VALUES = {b"COUNT": 1, b"GROUP": 2, b"CLAIM": 1, b"NOACK": 0, b"BLOCK": 1}


def is_ordinary(name: bytes) -> bool:
    """Tell whether commands of this name are nothing that ``review`` would find."""
    return name.upper() not in _SPECIAL and b"\0" not in name


def is_ordinary_text(name: str) -> bool:
    """Do what ``is_ordinary`` does without encoding the name."""
    return name in ORDINARY or (name.upper() not in _SPECIAL_TEXT and "\0" not in name)


def review(commands: Sequence[Sequence[bytes]]) -> tuple[dict[int, str], list[int], list[int]]:
    """Find the commands that can't be sent, with words, those whose replies show host paths, and
    those that may have to be translated.

    All by place. Nearly every command is nothing special and costs one look into a set.
    """
    refusals: dict[int, str] = {}
    telling: list[int] = []
    foreign: list[int] = []
    for place, command in enumerate(commands):
        name = command[0].upper()
        if name in _SPECIAL or b"\0" in name:
            words = refusal(command)
            if words is not None:
                refusals[place] = words
            elif shows_host_paths(command):
                telling.append(place)
            elif name in dialect.NAMES:
                foreign.append(place)
    return refusals, telling, foreign


def shows_host_paths(command: Sequence[bytes]) -> bool:
    """Tell whether the reply names the server's socket, program or configuration file."""
    name = command[0].upper()
    if name == b"INFO":
        return True
    return len(command) > 1 and _c_string(command[1]) in _TELLING_SUBCOMMANDS.get(name, ())


def refusal(command: Sequence[bytes]) -> str | None:
    """Say in words why the command can't be sent, or return None when it can."""
    name = command[0].upper()
    if b"\0" in name:
        # The server compares names as C strings once their hashes meet, and with some tens of
        # thousands of endings they do: "MONITOR\0..." would then be MONITOR.
        return "ERR unknown command. A command's name can't contain NUL bytes"
    rule = _RULES.get(name)
    if rule is None:
        return None
    way_out = rule(command)
    if way_out is None:
        return None
    return f"ERR Command is not available: '{name.decode()}'. {way_out}."


def may_wait(command: Sequence[bytes]) -> bool:
    """Tell a command that blocks: alone on a connection of its own it may go."""
    rule = _RULES.get(command[0].upper())
    return rule is not None and rule(command) == NO_BLOCKING


def _never(names: str, way_out: str) -> Iterable[tuple[bytes, Rule]]:
    return ((name.encode(), lambda _: way_out) for name in names.split())


def _client(command: Sequence[bytes]) -> str | None:
    # An allow list: what a later server adds to CLIENT most likely changes the connection.
    if len(command) < 2 or command[1].upper() in SHARED_CLIENT_SUBCOMMANDS:
        return None
    return NATIVE_ONLY


def _script(command: Sequence[bytes]) -> str | None:
    is_debug = len(command) > 1 and _c_string(command[1]) == b"DEBUG"
    return NATIVE_ONLY if is_debug else None


def _stream_read(command: Sequence[bytes]) -> str | None:
    return NO_BLOCKING if block_options(command) else None


def block_options(command: Sequence[bytes]) -> list[int]:
    """Find the options BLOCK of XREAD and XREADGROUP; of several the server takes the last.

    As far as options go: behind STREAMS there are only names.
    """
    found: list[int] = []
    place = 1
    while place < len(command):
        option = _c_string(command[place])
        if option == b"STREAMS":
            break
        if option == b"BLOCK":
            found.append(place)
        place += 1 + STREAM_OPTION_VALUES.get(option, 0)
    return found


def _c_string(word: bytes) -> bytes:
    """See an option as the server does: up to the first NUL, in any case."""
    return word.partition(b"\0")[0].upper()


_RULES: dict[bytes, Rule] = {
    **dict(_never("AUTH HELLO SELECT QUIT RESET ASKING READONLY READWRITE", NO_SESSION)),
    **dict(_never("MULTI EXEC DISCARD WATCH UNWATCH", USE_MULTI_EXEC)),
    **dict(_never("SUBSCRIBE PSUBSCRIBE MONITOR", USE_STREAM)),
    **dict(_never("SSUBSCRIBE UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE", NATIVE_ONLY)),
    **dict(_never("SYNC PSYNC REPLCONF", NATIVE_ONLY)),
    **dict(_never("BLPOP BRPOP BLMOVE BRPOPLPUSH BLMPOP WAIT WAITAOF", NO_BLOCKING)),
    **dict(_never("BZPOPMIN BZPOPMAX BZMPOP", NO_BLOCKING)),
    b"CLIENT": _client,
    b"SCRIPT": _script,
    b"XREAD": _stream_read,
    b"XREADGROUP": _stream_read,
}
_TELLING_SUBCOMMANDS = {
    b"CLIENT": frozenset({b"INFO", b"LIST"}),
    b"SLOWLOG": frozenset({b"GET"}),
    b"COMMANDLOG": frozenset({b"GET"}),
}
_SPECIAL = frozenset(_RULES) | frozenset(_TELLING_SUBCOMMANDS) | {b"INFO"} | dialect.NAMES
_SPECIAL_TEXT = frozenset(name.decode() for name in _SPECIAL)
ORDINARY = frozenset(it.decode() for it in SPELLINGS if it.upper() not in _SPECIAL)
"""Ordinary names as they are usually spelled, found without a further look."""
