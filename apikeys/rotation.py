"""Give a key another secret, while the former one goes on working for a while."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apikeys import reach, token
from apikeys.models import ApiKey
from audit.actions import Action
from audit.actors import Actor
from instances import services as instance_services
from redisgate.lib import graces, tokens
from redisgate.lib.errors import Conflict
from redisgate.lib.write_lock import retried_when_locked

_NO_FORMER = {"former_fingerprint": None, "former_hint": None, "former_until": None}


def rotate(actor: Actor, key: ApiKey, *, grace: timedelta) -> str:
    """Make a new secret and return it, which nobody can see again.

    The former one works for the grace; both open the same, with one rate limit. Returns once the
    running servers know, or after two seconds. Raises InvalidInput for a grace that there isn't,
    Conflict for a key that has ended, that has two secrets already, or that somebody else has
    just rotated.
    """
    _refuse(key, graces.known(grace))
    secret = token.issue(key.pk)
    affected = _turn(actor, key, secret, grace)
    instance_services.wait_for_acl(affected)
    return secret


def end_former(actor: Actor, key: ApiKey) -> None:
    """Let the former secret stop working now; without one nothing happens.

    Returns once the running servers know, or after two seconds.
    """
    instance_services.wait_for_acl(_end_former(actor, key))


@retried_when_locked
def _turn(actor: Actor, key: ApiKey, secret: str, grace: timedelta) -> list[UUID]:
    now = timezone.now()
    former = (
        {
            "former_fingerprint": key.fingerprint,
            "former_hint": key.hint,
            "former_until": now + grace,
        }
        if grace
        else _NO_FORMER
    )
    new = {
        "fingerprint": tokens.fingerprint(secret),
        "hint": token.hint_of(secret),
        "rotated_at": now,
        **former,
    }
    with transaction.atomic():
        # Of two people who rotate at once one does, and the other's secret was never made.
        same = ApiKey.objects.filter(pk=key.pk, revoked_at=None, fingerprint=key.fingerprint)
        if not same.update(**new):
            raise Conflict(
                f"{key.name} was rotated or revoked by somebody else a moment ago. "
                "Look at it again before you rotate it."
            )
        key.refresh_from_db()
        key.secret_uses.all().delete()
        return _announce(
            actor, Action.API_KEY_ROTATE, key, grace_seconds=int(grace.total_seconds())
        )


@retried_when_locked
def _end_former(actor: Actor, key: ApiKey) -> list[UUID]:
    with transaction.atomic():
        mine = ApiKey.objects.filter(pk=key.pk, former_until__gt=timezone.now())
        ended_hint = key.former_hint
        if not mine.update(**_NO_FORMER):
            return []
        key.refresh_from_db()
        return _announce(actor, Action.API_KEY_END_FORMER_SECRET, key, former_hint=ended_hint)


def _announce(actor: Actor, action: Action, key: ApiKey, **changes: object) -> list[UUID]:
    reach.record(actor, action, key, hint=key.hint, **changes)
    return reach.tell(reach.of(key))


def _refuse(key: ApiKey, grace: timedelta) -> None:
    if key.revoked_at is not None:
        raise Conflict(f"{key.name} is revoked for good. Create another key instead.")
    if key.is_expired:
        raise Conflict(
            f"{key.name} has expired, so a new secret would open nothing. Choose a later expiry "
            "first."
        )
    if grace and key.has_former_secret:
        raise Conflict(
            f"The former secret of {key.name} still works, and a key has two at most. End it "
            "first, or have both stop working at once."
        )
