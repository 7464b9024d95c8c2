"""What lately happened to an account, as its owner reads it: did I do that?"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from audit.actions import Action
from audit.actors import Means
from audit.models import AuditEvent

SHOWN = 20
WORDS = {
    Action.ACCOUNT_SIGN_IN: "Signed in",
    Action.ACCOUNT_UPDATE: "Name changed",
    Action.ACCOUNT_CHANGE_PASSWORD: "Password changed",
    Action.ACCOUNT_RESET_PASSWORD: "Password reset by mail",
    Action.ACCOUNT_ASK_EMAIL_CHANGE: "New email address asked for",
    Action.ACCOUNT_WITHDRAW_EMAIL_CHANGE: "New email address withdrawn",
    Action.ACCOUNT_CONFIRM_EMAIL: "Email address confirmed",
    Action.ACCOUNT_CHANGE_EMAIL: "Email address changed",
    Action.ACCOUNT_ADD_SECOND_FACTOR: "Second factor added",
    Action.ACCOUNT_REMOVE_SECOND_FACTOR: "Second factor removed",
    Action.ACCOUNT_RENEW_RECOVERY_CODES: "Recovery codes renewed",
    Action.ACCOUNT_USE_RECOVERY_CODE: "Recovery code used",
    Action.ACCOUNT_END_SESSION: "Browser logged out",
    Action.ACCOUNT_END_PROGRAM: "Program logged out",
    Action.ACCOUNT_STOP_REUSED_TOKEN: "Program logged out, because its token came twice",
    Action.PERSON_SUSPEND: "Account locked",
    Action.PERSON_RESUME: "Account unlocked",
}
ATTEMPTS = {
    Action.ACCOUNT_REFUSE_PASSWORD: "Wrong password given",
    Action.ACCOUNT_REFUSE_CODE: "Wrong code given, after the right password",
}
SHOWN_ATTEMPTS = 5
"""Whoever tries again and again must not push out of sight what happened."""
TELLING = ("device", "client", "type", "name", "to", "after", "email")
"""What of an event's changes says which, in this order."""
FACTORS = {
    "totp": "authenticator app",
    "webauthn": "passkey",
    "recovery_codes": "recovery codes",
}
OPERATOR = "an operator"
"""Which of them stays behind the platform, as in an organization's log."""


@dataclass(frozen=True, slots=True)
class Recent:
    """One event: ``which`` is the browser, the factor or the address that it is about."""

    words: str
    which: str
    by: str
    """Who did it, where that wasn't the owner."""
    address: str
    at: datetime


def of(user: User) -> list[Recent]:
    """List the newest events of a person's own account."""
    events = [*_newest(user, WORDS, SHOWN), *_newest(user, ATTEMPTS, SHOWN_ATTEMPTS)]
    return [_shown(event, user) for event in sorted(events, key=lambda each: each.at, reverse=True)]


def _newest(user: User, actions: Collection[Action], most: int) -> QuerySet[AuditEvent]:
    words = [each.value for each in actions]
    mine = AuditEvent.objects.filter(organization_id=None, object_id=user.pk, action__in=words)
    return mine[:most]


def _shown(event: AuditEvent, user: User) -> Recent:
    by = _doer(event, user)
    return Recent(
        words={**WORDS, **ATTEMPTS}[Action(event.action)],
        which=_which(event.changes),
        by=by,
        address="" if by == OPERATOR else event.address or "",
        at=event.at,
    )


def _doer(event: AuditEvent, user: User) -> str:
    if event.actor_id == user.pk or Action(event.action) in ATTEMPTS:
        return ""
    return event.actor_label if event.means == Means.SYSTEM else OPERATOR


def _which(changes: Mapping[str, object]) -> str:
    told = [changes[name] for name in TELLING if isinstance(changes.get(name), str)]
    return ", ".join(FACTORS.get(str(each), str(each)) for each in told)
