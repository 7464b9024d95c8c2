"""Commands that have no place in a console, and the way out of each."""

from collections.abc import Callable, Sequence

Words = Sequence[bytes]
Rule = Callable[[Words], str | None]

_LOGGED_IN = (
    "The console is logged in with the rights of your role. To use another user, connect with "
    "redis-cli"
)
_OWN_STATE = "It would change how the console itself talks to the server. Connect with redis-cli"
_VIEWS = frozenset({b"SUBSCRIBE", b"PSUBSCRIBE", b"SSUBSCRIBE", b"MONITOR"})
_HARMLESS_CLIENT = frozenset(
    {b"GETNAME", b"GETREDIR", b"HELP", b"ID", b"INFO", b"KILL", b"LIST", b"NO-TOUCH"}
    | {b"SETINFO", b"SETNAME", b"TRACKINGINFO", b"UNBLOCK", b"UNPAUSE"}
)


def why_not(words: Words, *, in_transaction: bool) -> str | None:
    """Say in a sentence why a command isn't sent, or return None when it can be."""
    name = words[0].upper()
    if b"\0" in name:
        # The server compares names as C strings once their hashes meet.
        return "A command's name can't contain NUL bytes."
    if in_transaction and name in _VIEWS:
        return f"{name.decode()} can't be part of a transaction. EXEC or DISCARD it first."
    rule = _RULES.get(name)
    reason = rule(words) if rule else None
    return f"{name.decode()} is not available here. {reason}." if reason else None


def is_view(words: Words) -> bool:
    """Tell a command that goes on answering until it is stopped."""
    return words[0].upper() in _VIEWS


def _always(names: str, reason: str) -> dict[bytes, Rule]:
    return {name.encode(): lambda _: reason for name in names.split()}


def _client(words: Words) -> str | None:
    # An allow list: what a later server adds to CLIENT most likely changes the connection.
    is_known = len(words) < 2 or words[1].upper() in _HARMLESS_CLIENT
    return None if is_known else _OWN_STATE


def _hello(words: Words) -> str | None:
    return None if len(words) == 1 or (len(words) == 2 and words[1] in (b"2", b"3")) else _LOGGED_IN


def _script(words: Words) -> str | None:
    return _OWN_STATE if len(words) > 1 and words[1].upper() == b"DEBUG" else None


_RULES: dict[bytes, Rule] = {
    **_always("AUTH RESET", _LOGGED_IN),
    **_always("QUIT EXIT", "Close the page to leave"),
    **_always("UNSUBSCRIBE PUNSUBSCRIBE SUNSUBSCRIBE", "Press Stop to end a subscription"),
    **_always("SYNC PSYNC REPLCONF ASKING READONLY READWRITE", _OWN_STATE),
    b"CLIENT": _client,
    b"HELLO": _hello,
    b"SCRIPT": _script,
}
