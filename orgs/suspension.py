"""Operators end for a while what an organization does, and let it go on."""

from django.db import transaction
from django.utils import timezone

from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from orgs.models import Organization
from orgs.signals import organization_resumed, organization_suspended
from redisgate.lib.errors import InvalidInput
from redisgate.lib.one_line import one_line_in
from redisgate.lib.write_lock import retried_when_locked

REASON_LENGTH = 300


@retried_when_locked
def suspend(actor: Actor, organization: Organization, *, reason: str) -> bool:
    """Stop its servers, refuse its keys and every change; False when it is suspended already.

    Members read ``reason``. Raises InvalidInput.
    """
    reason = _checked(reason)
    with transaction.atomic():
        # The UPDATE is the lock: of two operators one suspends and is written down.
        row = Organization.objects.filter(pk=organization.pk, suspended_at=None)
        if not row.update(suspended_at=timezone.now(), suspended_for=reason):
            return False
        organization.refresh_from_db(fields=["suspended_at", "suspended_for"])
        _record(actor, Action.ORGANIZATION_SUSPEND, organization, reason=reason)
        organization_suspended.send(Organization, organization=organization)
    return True


@retried_when_locked
def explain(actor: Actor, organization: Organization, *, reason: str) -> bool:
    """Give another reason to its members; False when it isn't suspended, or that is the reason.

    Raises InvalidInput.
    """
    reason = _checked(reason)
    with transaction.atomic():
        row = Organization.objects.filter(pk=organization.pk).exclude(suspended_at=None)
        before = row.select_for_update().values_list("suspended_for", flat=True).first()
        if not row.exclude(suspended_for=reason).update(suspended_for=reason):
            return False
        organization.refresh_from_db(fields=["suspended_at", "suspended_for"])
        changes = {"before": {"reason": before or ""}, "after": {"reason": reason}}
        _record(actor, Action.ORGANIZATION_EXPLAIN_SUSPENSION, organization, **changes)
    return True


@retried_when_locked
def resume(actor: Actor, organization: Organization) -> bool:
    """Let it go on: what ran before runs again. False when it isn't suspended."""
    with transaction.atomic():
        row = Organization.objects.filter(pk=organization.pk).exclude(suspended_at=None)
        if not row.update(suspended_at=None, suspended_for=None):
            return False
        organization.refresh_from_db(fields=["suspended_at", "suspended_for"])
        _record(actor, Action.ORGANIZATION_RESUME, organization)
        organization_resumed.send(Organization, organization=organization)
    return True


def _checked(reason: str) -> str:
    reason = one_line_in("reason", reason)
    if not reason:
        raise InvalidInput.in_field("reason", "Say why: the organization's members read it.")
    if len(reason) > REASON_LENGTH:
        raise InvalidInput.in_field("reason", f"Say why in {REASON_LENGTH} characters at most.")
    return reason


def _record(actor: Actor, action: Action, organization: Organization, **changes: object) -> None:
    audit.record(
        actor,
        action,
        organization_id=organization.id,
        object_id=organization.id,
        object_label=organization.name,
        changes=changes,
    )
