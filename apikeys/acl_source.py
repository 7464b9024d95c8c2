"""The API keys' share of who may log in to an instance."""

from django.db.models import Exists, OuterRef, Q

from apikeys import gateway_passwords
from apikeys.models import ApiKey
from instances.acl import AclUser, Scope, rules_for
from instances.acl_sources import AclShare
from instances.models import Instance


def source(instance: Instance) -> AclShare:
    """Return one ACL user for each key that works on this instance now."""
    chosen = ApiKey.instances.through.objects.filter(apikey=OuterRef("pk"), instance=instance)
    keys = list(
        ApiKey.objects.active()
        .filter(Q(all_instances=True) | Exists(chosen), organization=instance.organization_id)
        .filter(organization__suspended_at=None)
        .order_by("prefix")
    )
    ends = [key.expires_at for key in keys if key.expires_at is not None]
    ends += [key.former_until for key in keys if key.former_until and key.has_former_secret]
    return AclShare(tuple(_user(key) for key in keys), min(ends, default=None))


def _user(key: ApiKey) -> AclUser:
    scopes = frozenset(Scope(scope) for scope in key.scopes)
    rules = rules_for(scopes, key.key_patterns)
    former = _password(key, key.former_fingerprint) if key.has_former_secret else ""
    return AclUser(key.prefix, _password(key, key.fingerprint), rules, former)


def _password(key: ApiKey, fingerprint: str | None) -> str:
    """Hash what opens the user with this secret: a native client's token, or none of theirs."""
    return gateway_passwords.sha256_of(fingerprint or "", networks=key.allowed_networks)
