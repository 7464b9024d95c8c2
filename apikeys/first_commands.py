"""What a person needs to use a key at once, on an instance that it opens."""

from apikeys.models import ApiKey
from apikeys.pages import usable_instances
from apikeys.snippets import Snippet, commands, snippets
from instances.connection import http_url, redis_url
from instances.models import Instance
from instances.states import Status
from orgs.access import Access


def instance_for(access: Access, key: ApiKey) -> Instance | None:
    """Choose an instance that the key opens, one that runs if there is any."""
    opened = usable_instances(access)
    if not key.all_instances:
        opened = opened.filter(api_keys=key)
    return opened.filter(status=Status.RUNNING).first() or opened.first()


def written(instance: Instance, key: ApiKey, token: str) -> tuple[Snippet, ...]:
    """Write commands that the key may run, in several languages and tools."""
    native = redis_url(instance, user=key.prefix, password=token)
    return snippets(
        http_url=http_url(instance),
        redis_url=native if key.has_native_access else None,
        token=token,
        calls=commands(key.scopes, key.key_patterns),
    )
