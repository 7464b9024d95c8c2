"""The first commands with the real address and the real key in them, in four languages."""

from collections.abc import Iterable
from dataclasses import replace

from apikeys.models import ApiKey
from instances import connection
from instances.models import Instance
from instances.snippets import API_KEY, KEY_USER, Snippet, Target
from instances.snippets import snippets as all_snippets
from instances.their_server import is_adopted

SHOWN = {
    "curl": "cURL",
    "redis-cli": "redis-cli",
    "upstash-python": "Python",
    "upstash-js": "TypeScript",
}


def first_commands(instance: Instance, key: ApiKey, token: str) -> tuple[Snippet, ...]:
    """Write a SET and a GET; without a token its place is kept for whoever has saved it."""
    url = connection.redis_url(instance, user=KEY_USER, password=API_KEY)
    written = all_snippets(Target(instance.name, connection.http_url(instance), url))
    filled = [replace(each, code=_fill(each.code, key, token)) for each in chosen(written)]
    is_native = key.has_native_access and _knows_keys(instance)
    return tuple(each for each in filled if is_native or each.key != "redis-cli")


def chosen(written: Iterable[Snippet]) -> tuple[Snippet, ...]:
    """Take one for each of four languages, and call them so."""
    by_key = {each.key: each for each in written}
    return tuple(replace(by_key[name], label=label) for name, label in SHOWN.items())


def _fill(code: str, key: ApiKey, token: str) -> str:
    return code.replace(KEY_USER, key.prefix).replace(API_KEY, token or API_KEY)


def _knows_keys(instance: Instance) -> bool:
    return not is_adopted(instance) or instance.their_server.manages_users
