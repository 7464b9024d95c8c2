"""Second factors outside of pages: codes that programs send, and the way back in."""

from allauth.mfa import signals
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from accounts.refusals import MfaRequired, WrongCode
from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from redisgate.lib.write_lock import retried_when_locked

TYPES = {"totp": Authenticator.Type.TOTP, "recovery_code": Authenticator.Type.RECOVERY_CODES}
"""What may be sent, and what of the person's it opens. Passkeys need a browser."""


def check(request: HttpRequest, user: User, *, totp: str = "", recovery_code: str = "") -> None:
    """Let a program pass whose person has no second factor, or that sends one.

    A code works once. Raises MfaRequired, WrongCode or TooManyAttempts.
    """
    mine = {row.type: row for row in Authenticator.objects.filter(user=user)}
    if not mine:
        return
    offered = [name for name, type in TYPES.items() if type in mine]
    sent = {"totp": totp, "recovery_code": recovery_code}
    given = [name for name in offered if sent[name]]
    if not given:
        raise _required(offered)
    row, code = mine[TYPES[given[0]]], sent[given[0]]
    forget_attempts = check_rate_limit(user)
    if not row.wrap().validate_code(code):
        signals.authentication_failed.send(
            sender=Authenticator, request=request, user=user, authenticator=row
        )
        raise WrongCode(
            f"This {given[0]} is not right. Each code works once; a totp changes every 30 seconds."
        )
    forget_attempts()
    row.record_usage()
    signals.authenticator_used.send(
        sender=Authenticator,
        request=request,
        user=user,
        authenticator=row,
        reauthenticated=False,
        passwordless=False,
    )


@retried_when_locked
def remove_all(actor: Actor, user: User) -> int:
    """Take somebody's second factors away, recovery codes among them, and return how many."""
    with transaction.atomic():
        rows = list(Authenticator.objects.select_for_update().filter(user=user))
        for row in rows:
            audit.record(
                actor,
                Action.ACCOUNT_REMOVE_SECOND_FACTOR,
                organization_id=None,
                object_id=user.id,
                object_label=user.email,
                changes={"type": row.type},
            )
            row.delete()
    return len(rows)


def _required(offered: list[str]) -> MfaRequired:
    fields = " or ".join(f'"{name}"' for name in offered)
    return MfaRequired(
        f"This account asks for a second factor: send {fields} beside email and password.",
        details={"methods": offered},
    )
