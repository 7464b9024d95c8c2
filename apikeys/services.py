"""What can be done to API keys."""

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apikeys import deadlines, reach, terms, token
from apikeys.models import ApiKey
from apikeys.terms import Terms
from audit.actions import Action
from audit.actors import Actor
from instances import services as instance_services
from orgs.models import Organization
from quotas import limits
from quotas.plans import rate_limit_for
from quotas.rate_limits import most_for
from quotas.services import refusing
from redisgate.lib import tokens
from redisgate.lib.errors import Conflict
from redisgate.lib.write_lock import retried_when_locked


def create(
    actor: Actor,
    organization: Organization,
    *,
    name: str,
    scopes: Collection[str],
    instances: Collection[UUID] | None = None,
    key_patterns: Collection[str] = (),
    expires_at: datetime | None = None,
    rate_limit: int | None = None,
    networks: Collection[str] = (),
    expiry_warnings: bool = True,
    is_first: bool = False,
) -> tuple[ApiKey, str]:
    """Make a key and return it with its token, which nobody can see again.

    ``instances`` are ids, None means all of the organization, later ones too; ``rate_limit`` None
    is that of the organization's plan; ``is_first`` makes it only where no other is active. Returns
    once the running servers know the key, or after two seconds. Raises BrokenTerms, QuotaExceeded,
    and Conflict for what was to be the first.
    """
    wish = terms.check(
        name=name,
        scopes=scopes,
        instances=instances,
        key_patterns=key_patterns,
        expires_at=expires_at,
        rate_limit=rate_limit_for(organization) if rate_limit is None else rate_limit,
        networks=networks,
        most_rate_limit=most_for(organization),
    )
    key, secret, affected = _insert(
        actor, organization, wish, is_quiet=not expiry_warnings, is_first=is_first
    )
    instance_services.wait_for_acl(affected)
    return key, secret


def revoke(actor: Actor, key: ApiKey) -> None:
    """End a key and both of its secrets for good; a revoked one stays as it is.

    Returns once the running servers have forgotten it and closed its connections, or after
    two seconds.
    """
    instance_services.wait_for_acl(_end(actor, key) or ())


def revoke_many(actor: Actor, keys: Iterable[ApiKey]) -> int:
    """End many keys like `revoke`, and wait for the servers once.

    Tells how many there were to end: somebody may have been faster.
    """
    ended = [affected for key in keys if (affected := _end(actor, key)) is not None]
    instance_services.wait_for_acl({instance_id for each in ended for instance_id in each})
    return len(ended)


@retried_when_locked
def _insert(
    actor: Actor, organization: Organization, wish: Terms, *, is_quiet: bool, is_first: bool
) -> tuple[ApiKey, str, list[UUID]]:
    key_id = uuid.uuid4()
    secret = token.issue(key_id)
    with refusing("API key", organization=organization):
        if is_first:
            _refuse_second(organization)
        key = ApiKey.objects.create(
            id=key_id,
            organization=organization,
            name=wish.name,
            prefix=token.acl_user_of(key_id),
            hint=token.hint_of(secret),
            fingerprint=tokens.fingerprint(secret),
            scopes=list(wish.scopes),
            all_instances=wish.instances is None,
            key_patterns=list(wish.key_patterns),
            rate_limit=wish.rate_limit,
            networks=list(wish.networks),
            expires_at=wish.expires_at,
            is_quiet=is_quiet,
            warned_days=deadlines.passed(wish.expires_at),
            created_by_id=actor.user_id,
        )
        if wish.instances is not None:
            key.instances.set(reach.chosen(organization, wish.instances))
        return key, secret, _announce(actor, Action.API_KEY_CREATE, key)


def _refuse_second(organization: Organization) -> None:
    # The quota's row is what two who make a key at once have to take one after the other.
    limits.held(organization)
    if ApiKey.objects.filter(organization=organization).active().exists():
        raise Conflict("There is an API key already.")


@retried_when_locked
def _end(actor: Actor, key: ApiKey) -> list[UUID] | None:
    """End it and tell which instances to wait for; None where it has ended already."""
    now = timezone.now()
    with transaction.atomic():
        # Of two people who revoke at once, one does and is written down.
        if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now) == 0:
            key.revoked_at = _revoked_at(key)
            return None
        key.revoked_at = now
        return _announce(actor, Action.API_KEY_REVOKE, key)


def _revoked_at(key: ApiKey) -> datetime | None:
    # Of a key that has gone with its organization there is no row to read.
    return ApiKey.objects.filter(pk=key.pk).values_list("revoked_at", flat=True).first()


def _announce(actor: Actor, action: Action, key: ApiKey) -> list[UUID]:
    """Write it down, ask for new ACLs where the key works, and return those instances' ids."""
    reach.record(actor, action, key, hint=key.hint, scopes=key.scopes)
    return reach.tell(reach.of(key))
