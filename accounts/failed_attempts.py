"""Write down that somebody tried to get in and failed, for the account's owner to read.

A wrong password is written down by a job. So it takes as long for an address that has no account,
and nobody learns from the time of an answer who has one.
"""

import json
from datetime import timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts import devices
from accounts.models import User
from audit import services as audit
from audit.actions import Action
from audit.actors import Actor, Means
from audit.models import AuditEvent
from jobs.priorities import Priority
from jobs.tasks import job
from redisgate.lib import crypto
from redisgate.lib.write_lock import retried_when_locked

ONCE_IN = timedelta(hours=1)
"""From one address: guessing goes on for long, and the log never forgets."""
SOMEBODY = "Somebody"
API = "/auth/"


@receiver(user_login_failed)
def hand_on_wrong_password(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any
) -> None:
    """Leave it to a job to find out whose account that was, if anybody's."""
    if request is None or request.user.is_authenticated:
        return  # whoever is in already may mistype
    login = str(credentials.get("email") or credentials.get("username") or "")
    # Sealed, because people type their password into the wrong field.
    _enqueue(crypto.encrypt(json.dumps({"login": login, **_visit(request)})))


@receiver(authentication_failed)
def note_wrong_code(
    sender: object, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    """Write down who knew the password and not the second factor."""
    _note(user, Action.ACCOUNT_REFUSE_CODE, type=authenticator.type, **_visit(request))


@job(priority=Priority.NOBODY_WAITS)
def note_wrong_password(sealed: str) -> None:
    """Write it down where there is such an account."""
    attempt = json.loads(crypto.decrypt_once(sealed))
    user = User.objects.filter(email__iexact=attempt.pop("login").strip()).first()
    if user is not None:
        _note(user, Action.ACCOUNT_REFUSE_PASSWORD, **attempt)


@retried_when_locked
def _enqueue(sealed: str) -> None:
    note_wrong_password.enqueue(sealed)


def _visit(request: HttpRequest) -> dict[str, str]:
    means = Means.API if request.path.startswith(API) else Means.DASHBOARD
    return {
        "address": request.META.get("REMOTE_ADDR") or "",
        "device": devices.name_of(request.META.get("HTTP_USER_AGENT", "")),
        "means": means.value,
    }


@retried_when_locked
def _note(user: User, action: Action, *, address: str, means: str, **changes: str) -> None:
    same = AuditEvent.objects.filter(
        organization_id=None,
        object_id=user.pk,
        action=action,
        at__gt=timezone.now() - ONCE_IN,
        address=address or None,
    )
    if same.exists():
        return
    actor = Actor(user_id=None, label=SOMEBODY, means=Means(means), address=address or None)
    audit.record(
        actor,
        action,
        organization_id=None,
        object_id=user.pk,
        object_label=user.email,
        changes=changes,
    )
