"""The end of an account, and what becomes of what it holds.

What a person holds, only the rooms above know: they register when Django starts, say it here
before, and act on ``account_deleting`` when it comes to it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from accounts.signals import account_deleting
from audit import services as audit
from audit.actions import Action
from audit.actors import Actor
from mail import messages
from redisgate.lib.errors import Conflict
from redisgate.lib.write_lock import retried_when_locked


@dataclass(frozen=True, slots=True, kw_only=True)
class Consequence:
    """What becomes of one thing. Where it ``hinders``, words and ``url`` say what to do first."""

    name: str
    words: str
    hinders: bool = False
    url: str = ""


Foreseer = Callable[[User], list[Consequence]]
_foreseers: list[Foreseer] = []


def register(foreseer: Foreseer) -> None:
    if foreseer not in _foreseers:
        _foreseers.append(foreseer)


def consequences(user: User) -> list[Consequence]:
    """Say what would happen, what hinders first."""
    found = [each for foresee in (_operator, *_foreseers) for each in foresee(user)]
    return sorted(found, key=lambda each: not each.hinders)


@retried_when_locked
def delete(actor: Actor, user: User) -> None:
    """Delete an account with its sessions, tokens and second factors, and what it alone holds.

    Raises Conflict, and changes nothing, while something hinders.
    """
    with transaction.atomic():
        # Two requests at once, or a role that changes meanwhile: the second one waits here.
        row = User.objects.select_for_update().filter(pk=user.pk).first()
        if row is None:
            return
        _refuse_while_hindered(row)
        account_deleting.send(User, actor=actor, user=row)
        audit.record(
            actor,
            Action.ACCOUNT_DELETE,
            organization_id=None,
            object_id=row.id,
            object_label=row.email,
        )
        if row.email:
            messages.send(
                "accounts/email/account_deleted", to=row.email, context={"name": row.name}
            )
        row.delete()


def _refuse_while_hindered(user: User) -> None:
    hindrances = [each for each in consequences(user) if each.hinders]
    if hindrances:
        words = " ".join(f"{each.name}: {each.words}" for each in hindrances)
        raise Conflict(
            f"Your account can't be deleted yet. {words}",
            log=f"account {user.id} is hindered by {len(hindrances)} things",
            details={"hindrances": [{"name": e.name, "words": e.words} for e in hindrances]},
        )


def _operator(user: User) -> list[Consequence]:
    if not (user.is_superuser and user.is_active):
        return []
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    if others.exists():
        return []
    return [
        Consequence(
            name="This platform",
            words="You are its only operator. Make somebody else a superuser first.",
            hinders=True,
        )
    ]
