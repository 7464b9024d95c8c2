"""What is there now, as the forms of operations start from it."""

from collections.abc import Callable

from browser import quoting, typed
from browser.asked import Data, On
from browser.connection import Command, Server
from browser.contents import STRING_BYTES
from browser.services import digest
from redisgate.lib.errors import Conflict

Read = Callable[[On], Command]
"""The command that answers the part of the key that is asked about."""
Prepare = Callable[[Server, On], Data]


def get(on: On) -> Command:
    return ("GET", on.name)


def hget(on: On) -> Command:
    return ("HGET", on.name, on.part)


def lindex(on: On) -> Command:
    return ("LINDEX", on.name, on.index)


def zscore(on: On) -> Command:
    return ("ZSCORE", on.name, on.part)


def sismember(on: On) -> Command:
    return ("SISMEMBER", on.name, on.part)


def value_form(read: Read) -> Prepare:
    """Fill the form with a value as it is now, and remember which it was."""

    def prepare(server: Server, on: On) -> Data:
        # A string may be as large as the memory; what a hash or a list holds is looked at first.
        is_large = read(on)[0] == "GET" and server.send("STRLEN", on.name) > STRING_BYTES
        now = None if is_large else server.send(*read(on))
        if is_large or len(now or b"") > STRING_BYTES:
            raise Conflict(
                f"A value above {STRING_BYTES // 1024} KB can't be edited in a page. "
                "Use a client, where SETRANGE or APPEND change a part of it."
            )
        text, written = typed.to_text(now or b"")
        return {"value": text, "value_as": written, "seen": digest(now)}

    return prepare


def seen(read: Read) -> Prepare:
    """Remember what was there when the person was asked."""
    return lambda server, on: {"seen": digest(server.send(*read(on)))}


def score_form(server: Server, on: On) -> Data:
    now = server.send(*zscore(on))
    return {"score": (now or b"").decode(), "seen": digest(now)}


def name_form(_server: Server, on: On) -> Data:
    """Fill the form with the name, on one line whatever it holds."""
    text, written = typed.to_text(on.name)
    if "\n" in text or written is typed.Written.JSON:
        text, written = quoting.shown(on.name, quote="\\"), typed.Written.ESCAPED
    return {"name": text, "name_as": written}


def ttl_form(server: Server, on: On) -> Data:
    seconds = server.send("TTL", on.name)
    return {"ttl": seconds if seconds > 0 else None}
