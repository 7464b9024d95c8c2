"""First commands for a new key, fitted to what it may do: pure text from pure values."""

import json
import shlex
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote

from instances.acl import Scope

EXAMPLE_NAME = "greeting"


@dataclass(frozen=True, slots=True)
class Snippet:
    key: str
    label: str
    code: str


def commands(scopes: Collection[str], key_patterns: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """Choose commands that this key is allowed to run."""
    name = _example_name(key_patterns)
    if name is None:
        return (("PING",),)
    if {Scope.WRITE, Scope.ADMIN} & set(scopes):
        return (("SET", name, "hello"), ("GET", name))
    return (("GET", name),)


def snippets(
    *, http_url: str, redis_url: str | None, token: str, calls: Collection[tuple[str, ...]]
) -> tuple[Snippet, ...]:
    """Write the calls for a shell, and the variables that SDKs and frameworks read.

    Without ``redis_url`` nothing is said that needs the Redis protocol.
    """
    over_http = (
        Snippet("curl", "cURL", "\n\n".join(_curl(http_url, token, call) for call in calls)),
        Snippet("env", ".env", _dotenv(http_url, redis_url, token)),
    )
    if redis_url is None:
        return over_http
    native = "\n".join(_redis_cli(redis_url, call) for call in calls)
    return (*over_http, Snippet("redis-cli", "redis-cli", native))


def _example_name(key_patterns: Collection[str]) -> str | None:
    """Return a Redis key that the patterns allow, or None when none is easily found."""
    if not key_patterns:
        return EXAMPLE_NAME
    simple = (pattern for pattern in key_patterns if not set(pattern) & set("?[]\\"))
    return next((pattern.replace("*", EXAMPLE_NAME) for pattern in simple), None)


def _curl(http_url: str, token: str, call: tuple[str, ...]) -> str:
    words = (call[0].lower(), *call[1:])
    url = "/".join((http_url, *(quote(word, safe=":") for word in words)))
    return f'curl {shlex.quote(url)} \\\n  -H "Authorization: Bearer {token}"'


def _dotenv(http_url: str, redis_url: str | None, token: str) -> str:
    values = {
        "UPSTASH_REDIS_REST_URL": http_url,
        "UPSTASH_REDIS_REST_TOKEN": token,
    }
    if redis_url is not None:
        values["REDIS_URL"] = redis_url
    return "\n".join(f"{name}={json.dumps(value)}" for name, value in values.items())


def _redis_cli(redis_url: str, call: tuple[str, ...]) -> str:
    return shlex.join(("redis-cli", "-u", redis_url, *call))
