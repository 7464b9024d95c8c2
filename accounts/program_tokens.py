"""The log-ins of programs: where there are some, and how they end."""

from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts import refresh_tokens
from accounts.models import TokenFamily, User
from accounts.refresh_tokens import Renewal, Visit
from accounts.refusals import RefreshTokenReused
from audit import services as audit
from audit.actions import Action
from audit.actors import SYSTEM, Actor
from mail import messages
from redisgate.lib.errors import NotFound
from redisgate.lib.write_lock import retried_when_locked


def programs_of(user: User) -> QuerySet[TokenFamily]:
    """List the programs that are logged in as a person, the latest at work first."""
    return TokenFamily.objects.filter(user=user, expires_at__gt=timezone.now())


@retried_when_locked
def end(actor: Actor, user: User, family_id: UUID) -> TokenFamily:
    """Log one program out, at once. Raises NotFound for one that is gone, or somebody else's."""
    with transaction.atomic():
        family = programs_of(user).select_for_update().filter(pk=family_id).first()
        if family is None:
            raise NotFound("This program is logged out already.", log="token family not found")
        _end(actor, user, family, Action.ACCOUNT_END_PROGRAM)
    return family


@retried_when_locked
def renew(token: str, visit: Visit) -> Renewal:
    """Exchange a refresh token; one that comes a second time ends its family.

    Raises RefreshTokenUnknown or RefreshTokenReused.
    """
    with transaction.atomic():
        renewal = refresh_tokens.renew(token, visit)
        if renewal.token is None:
            _end_stolen(renewal.family, visit)
    if renewal.token is None:
        raise RefreshTokenReused(
            "This refresh token was used before, so somebody may have stolen it: all tokens of "
            "this log-in have ended. Log in again with POST /auth/login.",
            log=f"a used refresh token came from {visit.address}",
        )
    return renewal


def _end_stolen(family: TokenFamily, visit: Visit) -> None:
    """End a family and tell its owner, who may be the thief's victim."""
    user = family.user
    actor = Actor(
        user_id=None, label=SYSTEM.label, means=SYSTEM.means, address=visit.address or None
    )
    _end(actor, user, family, Action.ACCOUNT_STOP_REUSED_TOKEN)
    messages.send(
        "accounts/email/token_reused",
        to=user.email,
        context={"family": family, "visit": visit, "at": timezone.now()},
    )


def _end(actor: Actor, user: User, family: TokenFamily, action: Action) -> None:
    changes = {"client": family.client, "address": family.address}
    family_id = family.pk
    family.delete()
    family.pk = family_id
    audit.record(
        actor,
        action,
        organization_id=None,
        object_id=user.id,
        object_label=user.email,
        changes=changes,
    )
