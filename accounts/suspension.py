"""Operators lock a person out, and let them in again."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.db import transaction
from django.utils import timezone

from accounts import refresh_tokens
from accounts.models import User
from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from redisgate.lib.errors import Conflict, InvalidInput
from redisgate.lib.one_line import one_line_in
from redisgate.lib.write_lock import retried_when_locked


@retried_when_locked
def suspend(actor: Actor, person: User, *, reason: str) -> bool:
    """Lock a person out of everything at once; False when they are already.

    What they hold open ends for good: a later resume asks them to sign in again. Their API keys
    belong to organizations and go on. The reason is for operators, in the audit log. Raises
    InvalidInput without one, and Conflict for whoever suspends themselves.
    """
    reason = _checked(reason)
    if actor.user_id == person.pk:
        raise Conflict("You can't suspend yourself. Ask another operator.")
    with transaction.atomic():
        if not User.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
            return False
        person.is_active = False
        refresh_tokens.revoke_all(person)
        for session_key in _sessions_of(person):
            _store().delete(session_key)
        _record(actor, Action.PERSON_SUSPEND, person, reason=reason)
    return True


@retried_when_locked
def explain(actor: Actor, person: User, *, reason: str) -> bool:
    """Write another reason down; False when the person isn't suspended. Raises InvalidInput."""
    reason = _checked(reason)
    with transaction.atomic():
        if not User.objects.select_for_update().filter(pk=person.pk, is_active=False).exists():
            return False
        _record(actor, Action.PERSON_EXPLAIN_SUSPENSION, person, reason=reason)
    return True


@retried_when_locked
def resume(actor: Actor, person: User) -> bool:
    """Let a person sign in again; False when they may already."""
    with transaction.atomic():
        if not User.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
            return False
        person.is_active = True
        _record(actor, Action.PERSON_RESUME, person)
    return True


def _checked(reason: str) -> str:
    reason = one_line_in("reason", reason)
    if not reason:
        raise InvalidInput.in_field("reason", "Say why, for operators who come after you.")
    return reason


def _sessions_of(person: User) -> Iterator[str]:
    # Sessions don't say in a column whose they are; an operator can wait for a look at each.
    rows = _store().get_model_class().objects
    for session in rows.filter(expire_date__gt=timezone.now()).iterator(500):
        if session.get_decoded().get(SESSION_KEY) == str(person.pk):
            yield session.session_key


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore()


def _record(actor: Actor, action: Action, person: User, **changes: str) -> None:
    audit.record(
        actor,
        action,
        organization_id=None,
        object_id=person.pk,
        object_label=person.email,
        changes=changes,
    )
