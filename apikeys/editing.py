"""Change what a key may do, without another secret."""

from datetime import datetime
from typing import TypedDict, Unpack
from uuid import UUID

from django.db import transaction

from apikeys import deadlines, reach, terms
from apikeys.models import ApiKey
from apikeys.terms import Terms
from audit.actions import Action
from audit.actors import Actor
from instances import services as instance_services
from quotas.rate_limits import most_for
from redisgate.lib.errors import Conflict
from redisgate.lib.write_lock import retried_when_locked

_ON_SERVERS = {"scopes", "instances", "key_patterns", "expires_at", "networks"}
"""What the users on servers depend on."""


class Changes(TypedDict, total=False):
    """What shall be otherwise, as `apikeys.services.create` takes it; the rest stays."""

    name: str
    scopes: list[str]
    instances: list[UUID] | None
    key_patterns: list[str]
    expires_at: datetime | None
    rate_limit: int
    networks: list[str]
    expiry_warnings: bool


State = dict[str, object]
"""A key as people see it, and as the audit log holds it before and after."""


def edit(actor: Actor, key: ApiKey, **changes: Unpack[Changes]) -> None:
    """Change a key; what isn't named stays.

    Returns once the running servers know, or after two seconds. Raises BrokenTerms, Conflict.
    """
    affected = _change(actor, key, changes)
    instance_services.wait_for_acl(affected)
    key.refresh_from_db()


@retried_when_locked
def _change(actor: Actor, key: ApiKey, changes: Changes) -> list[UUID]:
    with transaction.atomic():
        found = ApiKey.objects.select_for_update(no_key=True, of=("self",)).get(pk=key.pk)
        if found.revoked_at is not None:
            raise Conflict(f"{found.name} is revoked for good, so it can't be changed any more.")
        before, reached = _state(found), reach.of(found)
        _write(found, _checked(found, changes), changes)
        after = _state(found)
        differing = {name for name in after if before[name] != after[name]}
        if not differing:
            return []
        reach.record(
            actor,
            Action.API_KEY_UPDATE,
            found,
            before=_only(before, differing),
            after=_only(after, differing),
        )
        return reach.tell(reached | reach.of(found)) if differing & _ON_SERVERS else []


def _checked(key: ApiKey, changes: Changes) -> Terms:
    """Judge the key as it would be. Raises BrokenTerms.

    An end or an instance that stays isn't judged: it may have passed or gone. Nor is a rate
    limit that stays: the plan may allow less by now.
    """
    instances = changes.get("instances")
    ends_at = changes.get("expires_at", key.expires_at)
    rate_limit = changes.get("rate_limit", key.rate_limit)
    return terms.check(
        name=changes.get("name", key.name),
        scopes=changes.get("scopes", key.scopes),
        instances=instances,
        key_patterns=changes.get("key_patterns", key.key_patterns),
        expires_at=None if ends_at == key.expires_at else ends_at,
        rate_limit=rate_limit,
        most_rate_limit=max(
            key.rate_limit if rate_limit == key.rate_limit else 0, most_for(key.organization)
        ),
        networks=changes.get("networks", list(key.allowed_networks)),
    )


def _write(key: ApiKey, wish: Terms, changes: Changes) -> None:
    key.name = wish.name
    key.scopes = list(wish.scopes)
    key.key_patterns = list(wish.key_patterns)
    key.rate_limit = wish.rate_limit
    key.networks = list(wish.networks)
    key.is_quiet = not changes.get("expiry_warnings", not key.is_quiet)
    if changes.get("expires_at", key.expires_at) != key.expires_at:
        key.expires_at = wish.expires_at
        key.warned_days = deadlines.passed(wish.expires_at)
    if "instances" in changes:
        key.all_instances = wish.instances is None
        key.instances.set(
            [] if wish.instances is None else reach.chosen(key.organization, wish.instances)
        )
    key.save(
        update_fields=[
            "name",
            "scopes",
            "key_patterns",
            "rate_limit",
            "networks",
            "is_quiet",
            "expires_at",
            "warned_days",
            "all_instances",
        ]
    )


def _state(key: ApiKey) -> State:
    chosen = key.instances.order_by("pk").values_list("pk", flat=True)
    return {
        "name": key.name,
        "scopes": list(key.scopes),
        "instances": None if key.all_instances else [str(each) for each in chosen],
        "key_patterns": list(key.key_patterns),
        "expires_at": None if key.expires_at is None else key.expires_at.isoformat(),
        "rate_limit": key.rate_limit,
        "networks": list(key.allowed_networks),
        "expiry_warnings": not key.is_quiet,
    }


def _only(state: State, names: set[str]) -> State:
    return {name: value for name, value in state.items() if name in names}
