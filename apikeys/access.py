"""The one door to API keys: for this person and their organization, or NotFound."""

from uuid import UUID

from django.db.models import Prefetch, Q

from apikeys.models import ApiKey, ApiKeyQuerySet
from instances.models import Instance
from orgs.access import Access
from orgs.roles import Permission
from redisgate.lib import log_context
from redisgate.lib.errors import NotFound


def keys_of(access: Access) -> ApiKeyQuerySet:
    """Return the organization's keys, ready to be listed with a constant number of queries."""
    access.require(Permission.API_KEY_VIEW)
    mine = ApiKey.objects.filter(organization=access.organization)
    # The rest of an instance is nothing to a key, and its passwords cost a decryption each.
    names = Instance.objects.only("id", "name", "slug", "organization_id")
    return mine.select_related("created_by").prefetch_related(Prefetch("instances", names))


def matching(keys: ApiKeyQuerySet, words: str) -> ApiKeyQuerySet:
    """Narrow keys to those whose name, user name or secret's end has these words in it."""
    wanted = words.strip()[:80].replace("\0", "")
    if not wanted:
        return keys
    named = Q(name__icontains=wanted) | Q(prefix__icontains=wanted)
    return keys.filter(named | Q(hint__icontains=wanted) | Q(former_hint__icontains=wanted))


def find(access: Access, key_id: UUID) -> ApiKey:
    """Return one key. Raises NotFound for an unknown and for a foreign one alike."""
    key = keys_of(access).filter(pk=key_id).first()
    if key is None:
        raise NotFound("There is no such API key.", log="API key not found")
    log_context.bind(key=key.prefix)
    return key
