"""Hints about API keys, limits, people and the platform. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from apikeys import deadlines
from overview.hints import Hint, Severity
from overview.memory_hints import in_words
from quotas.refusals import quantity
from quotas.usage import RESOURCES, Amount, Resource, Usage
from redisgate.lib.units import counted, roughly

UNUSED_AFTER = timedelta(days=90)
AMBER_PERCENT, RED_PERCENT = 80, 95


@dataclass(frozen=True, slots=True)
class Key:
    """What the overview reads of an API key."""

    id: UUID
    name: str
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Several:
    """The first keys of a kind, and how many of that kind there are."""

    keys: Sequence[Key]
    count: int


def key_ending(key: Key, url: str, now: datetime) -> Hint | None:
    if key.expires_at is None or deadlines.due(key.expires_at, now) is None:
        return None
    left = (key.expires_at - now).total_seconds()
    if left <= 0:
        return None
    return Hint(
        kind="key_ending",
        about=str(key.id),
        severity=Severity.ERROR if left <= timedelta(days=1).total_seconds() else Severity.WARNING,
        title=f"API key “{key.name}” expires in {in_words(left)}",
        text="Programs that use it are refused then.",
        action="Give it more time",
        url=url,
    )


def key_unused(key: Key, url: str, now: datetime) -> Hint | None:
    since = key.last_used_at or key.created_at
    if now - since < UNUSED_AFTER:
        return None
    days = counted((now - since).days, "day")
    never = "" if key.last_used_at else ", and never since it was made"
    return Hint(
        kind="key_unused",
        about=str(key.id),
        severity=Severity.INFO,
        title=f"API key “{key.name}” was not used over HTTP for {days}{never}",
        text="Revoke it if nothing needs it: a key that doesn't exist can't leak.",
        action="Look at it",
        url=url,
    )


def near_limits(usage: Usage, url: str) -> list[Hint]:
    return [hint for resource in RESOURCES if (hint := _near_limit(usage, resource, url))]


def _near_limit(usage: Usage, resource: Resource, url: str) -> Hint | None:
    amount = usage.of(resource)
    if not amount.limit or amount.used * 100 < amount.limit * AMBER_PERCENT:
        return None
    is_red = amount.used * 100 >= amount.limit * RED_PERCENT
    return Hint(
        kind="near_limit",
        about=resource,
        severity=Severity.WARNING if is_red else Severity.INFO,
        title=_of_limit(resource, amount),
        action="Show the quota",
        url=url,
    )


def _of_limit(resource: Resource, amount: Amount) -> str:
    if resource == "memory_mb":
        used, limit = roughly(amount.used), roughly(amount.limit)
        return f"{used} of {limit} memory is given to instances"
    limit = quantity(resource, amount.limit)
    return f"{amount.used:,} of {limit} {'is' if amount.used == 1 else 'are'} used"


def lonely_owner(owners: int, members: int, url: str) -> list[Hint]:
    """Tell of an organization of several people that nobody can run when one is away."""
    if owners != 1 or members < 2:
        return []
    return [
        Hint(
            kind="lonely_owner",
            about="",
            severity=Severity.INFO,
            title="This organization has one owner",
            text="Nobody else can delete it or make owners. Give a second person the role.",
            action="Members",
            url=url,
        )
    ]


def nobody_in_control(is_controlled: bool, url: str) -> list[Hint]:
    if is_controlled:
        return []
    return [
        Hint(
            kind="no_controller",
            about="",
            severity=Severity.ERROR,
            title="No controller runs",
            text="Instances go on, but none is started, stopped or repaired. Tell your operator.",
            action="Health of the platform",
            url=url,
        )
    ]


def present(found: Sequence[Hint | None]) -> list[Hint]:
    return [hint for hint in found if hint is not None]
