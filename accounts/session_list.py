"""Where a person is logged in, and how they end it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction

from accounts import devices
from accounts.models import User
from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from redisgate.lib.errors import NotFound
from redisgate.lib.write_lock import retried_when_locked


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One browser that is logged in."""

    id: int
    device: str
    is_mobile: bool
    user_agent: str
    address: str
    began_at: datetime
    seen_at: datetime
    is_current: bool


def open_sessions(user: User, *, current_key: str | None) -> list[OpenSession]:
    """List them: this one first, then whichever was seen last. Those that have ended are gone."""
    rows: list[UserSession] = UserSession.objects.purge_and_list(user)
    shown = [_shown(row, current_key) for row in rows]
    return sorted(shown, key=lambda each: (each.is_current, each.seen_at), reverse=True)


@retried_when_locked
def end(actor: Actor, user: User, session_id: int) -> str:
    """Log one browser out and return its device; its sockets close within a second.

    Raises NotFound for one that is gone, or somebody else's.
    """
    row = UserSession.objects.filter(user=user, pk=session_id).first()
    if row is None:
        raise NotFound("This session has ended already.", log="session not found")
    device = devices.describe(row.user_agent)
    _end(actor, user, [row])
    return device


@retried_when_locked
def end_others(actor: Actor, user: User, *, current_key: str | None) -> int:
    """Log every other browser out, and return how many there were."""
    rows = list(UserSession.objects.filter(user=user).exclude(session_key=current_key or ""))
    _end(actor, user, rows)
    return len(rows)


def _end(actor: Actor, user: User, rows: Iterable[UserSession]) -> None:
    with transaction.atomic():
        for row in rows:
            changes = {"device": devices.describe(row.user_agent), "address": row.ip}
            row.end()
            audit.record(
                actor,
                Action.ACCOUNT_END_SESSION,
                organization_id=None,
                object_id=user.id,
                object_label=user.email,
                changes=changes,
            )


def _shown(row: UserSession, current_key: str | None) -> OpenSession:
    return OpenSession(
        id=row.pk,
        device=devices.describe(row.user_agent),
        is_mobile=devices.is_mobile(row.user_agent),
        user_agent=row.user_agent,
        address=row.ip,
        began_at=row.created_at,
        seen_at=row.last_seen_at,
        is_current=row.session_key == current_key,
    )
