"""Why a server's ACL denies a key a command, and what to change. Pure."""

import re
from collections.abc import Collection

from instances.acl import Scope

_ACCESSED = re.compile(r"access the '(.*)' (key|channel)", re.DOTALL)


def in_words(
    command: str,
    *,
    scopes: Collection[str],
    patterns: Collection[str],
    allowing: Collection[Scope] | None,
    said: str,
) -> str:
    """Name the rule and the way out.

    ``allowing`` are the scopes that could run the command on any key, None where nobody knows;
    ``said`` are the server's own words, for want of better ones.
    """
    if allowing is None:
        return f"The server's ACL says: {said}"
    if not allowing:
        return f"No scope includes {command}: it would reach what RedisGate itself looks after."
    own = [scope for scope in Scope if scope.value in scopes][-1]
    if own not in allowing:
        wider = next(scope for scope in Scope if scope in allowing)
        return (
            f"This key has the scope {own.value}, which doesn't include {command}. "
            f"Give it the scope {wider.value}, or use a key that has it."
        )
    return _by_patterns(command, patterns, said) if patterns else f"The server's ACL says: {said}"


def _by_patterns(command: str, patterns: Collection[str], said: str) -> str:
    listed = ", ".join(patterns)
    accessed = _ACCESSED.search(said)
    if accessed:
        return (
            f"The key patterns of this key, {listed}, don't let {command} at the {accessed[2]} "
            f"{accessed[1]}. Use a name that fits a pattern, or give the key another pattern."
        )
    return (
        f"This key has key patterns, {listed}, and {command} could show or touch what they "
        "don't cover. Use a key without patterns."
    )
