"""The first commands with the real address and the real key in them, for each client."""

from dataclasses import replace

from apikeys.models import ApiKey
from instances import connection
from instances.models import Instance
from instances.snippets import API_KEY, KEY_USER, Snippet, Target, snippets
from instances.their_server import knows_keys


def first_commands(instance: Instance, key: ApiKey, token: str) -> tuple[Snippet, ...]:
    """Write a SET and a GET; without a token its place is kept for whoever has saved it."""
    url = connection.redis_url(instance, user=KEY_USER, password=API_KEY)
    target = Target(instance.name, connection.http_url(instance), url)
    written = snippets(target, is_native=key.has_native_access and knows_keys(instance))
    return tuple(replace(each, code=_fill(each.code, key, token)) for each in written)


def _fill(code: str, key: ApiKey, token: str) -> str:
    return code.replace(KEY_USER, key.prefix).replace(API_KEY, token or API_KEY)
