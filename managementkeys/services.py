"""What can be done with management keys."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from managementkeys.models import ManagementKey
from orgs import lock
from orgs.access import Access, refuse_keys
from orgs.roles import Permission, Role, lesser
from redisgate.lib import tokens
from redisgate.lib.errors import Conflict, Forbidden, InvalidInput
from redisgate.lib.one_line import one_line_in
from redisgate.lib.write_lock import retried_when_locked

PREFIX = "rgm_"
LIVE_MAX = 50
NAME_LENGTH_MAX = 80


@retried_when_locked
def create(
    actor: Actor, access: Access, *, name: str, role: str, expires_at: datetime | None = None
) -> tuple[ManagementKey, str]:
    """Make a key and return it with its token, which nobody can see again.

    Raises InvalidInput, Forbidden for a role above one's own and for a key that makes keys,
    Conflict where there are too many.
    """
    access.require(Permission.MANAGEMENT_KEY_EDIT)
    refuse_keys(access.user)
    name, expires_at = _name(name), _expiry(expires_at)
    role = _role(access, role)
    token = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        lock.hold(access.organization.pk)  # of two who make the last one, the second waits here
        _refuse_too_many(access)
        key = ManagementKey.objects.create(
            organization=access.organization,
            name=name,
            role=role,
            hint=f"{PREFIX}…{token[-6:]}",
            fingerprint=tokens.fingerprint(token),
            created_by=access.user,
            expires_at=expires_at,
        )
        _record(actor, Action.MANAGEMENT_KEY_CREATE, key)
    return key, token


@retried_when_locked
def revoke(actor: Actor, access: Access, key: ManagementKey) -> bool:
    """End a key for good, from its next request on; a revoked one stays as it is.

    Tells whether there was one to end: somebody may have been faster.
    """
    access.require(Permission.MANAGEMENT_KEY_EDIT)
    refuse_keys(access.user)
    with transaction.atomic():
        live = ManagementKey.objects.filter(pk=key.pk, revoked_at=None)
        is_ended = bool(live.update(revoked_at=timezone.now()))
        if is_ended:
            _record(actor, Action.MANAGEMENT_KEY_REVOKE, key)
    key.refresh_from_db()
    return is_ended


def _record(actor: Actor, action: Action, key: ManagementKey) -> None:
    expires_at = key.expires_at.isoformat() if key.expires_at else None
    audit.record(
        actor,
        action,
        organization_id=key.organization_id,
        object_id=key.pk,
        object_label=key.name,
        changes={"role": key.role, "expires_at": expires_at},
    )


def _name(name: str) -> str:
    name = one_line_in("name", name)
    if not 1 <= len(name) <= NAME_LENGTH_MAX:
        words = f"Give the key a name that says what uses it, in up to {NAME_LENGTH_MAX} letters."
        raise InvalidInput.in_field("name", words)
    return name


def _expiry(moment: datetime | None) -> datetime | None:
    if moment is not None and moment <= timezone.now():
        words = "The expiry must be in the future. Leave it out for none."
        raise InvalidInput.in_field("expires_at", words)
    return moment


def _role(access: Access, wanted: str) -> Role:
    if wanted not in Role.values:
        words = f"The role must be one of {', '.join(Role.values)}."
        raise InvalidInput.in_field("role", words)
    role = Role(wanted)
    if lesser(role, access.role) != role:
        raise Forbidden(
            f"You are {access.role.label.lower()} here, so a key of yours can't be "
            f"{role.label.lower()}. Choose a lower role."
        )
    return role


def _refuse_too_many(access: Access) -> None:
    live = ManagementKey.objects.filter(organization=access.organization, revoked_at=None)
    if live.count() >= LIVE_MAX:
        raise Conflict(
            f"{access.organization.name} has {LIVE_MAX} management keys. Revoke those that "
            "nobody uses."
        )
