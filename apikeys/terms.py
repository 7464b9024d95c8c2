"""What a key may be: every rule with the words for the person who broke it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

from django.utils import timezone

from apikeys import networks as network_names
from apikeys.networks import MAX_NETWORKS
from instances import acl
from instances.acl import Scope
from quotas.rate_limits import MOST_RATE_LIMIT
from redisgate.lib.errors import InvalidInput
from redisgate.lib.one_line import one_line

MAX_NAME_LENGTH = 80
MAX_PATTERNS = 20
DEFAULT_RATE_LIMIT = 100

V = TypeVar("V")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What somebody wishes of a new key. ``instances`` None means all, later ones too."""

    name: str
    scopes: tuple[Scope, ...]
    instances: frozenset[UUID] | None
    key_patterns: tuple[str, ...]
    expires_at: datetime | None
    rate_limit: int
    networks: tuple[str, ...]


class BrokenTerms(InvalidInput):
    """A key can't be like this. ``problems`` are the words for each field."""

    def __init__(self, problems: dict[str, list[str]]) -> None:
        field, words = next(iter(problems.items()))
        super().__init__(words[0], log=f"{field}: {words[0]}", details={"errors": problems})
        self.problems = problems


def check(
    *,
    name: str,
    scopes: Collection[str],
    instances: Collection[UUID] | None,
    key_patterns: Collection[str],
    expires_at: datetime | None,
    rate_limit: int,
    networks: Collection[str] = (),
    most_rate_limit: int = MOST_RATE_LIMIT,
) -> Terms:
    """Return the wish in order, or raise BrokenTerms that names every field in need of change.

    ``most_rate_limit`` is what the organization's plan allows.
    """
    problems: dict[str, list[str]] = {}

    def judged(field: str, rule: Callable[[V], T], value: V, instead: T) -> T:
        try:
            return rule(value)
        except ValueError as error:
            problems[field] = [str(error)]
            return instead

    terms = Terms(
        name=judged("name", _name, name, ""),
        scopes=judged("scopes", _scopes, scopes, ()),
        instances=judged("instances", _instances, instances, None),
        key_patterns=judged("key_patterns", _key_patterns, key_patterns, ()),
        expires_at=judged("expires_at", _expires_at, expires_at, None),
        rate_limit=judged("rate_limit", partial(_rate_limit, most_rate_limit), rate_limit, 0),
        networks=judged("networks", _networks, networks, ()),
    )
    if problems:
        raise BrokenTerms(problems)
    return terms


def _name(value: str) -> str:
    name = one_line(value)
    if not name:
        raise ValueError("Give the key a name that says what uses it, such as “web shop”.")
    if len(name) > MAX_NAME_LENGTH:
        raise ValueError(f"A name has {MAX_NAME_LENGTH} characters at most.")
    return name


def _scopes(values: Collection[str]) -> tuple[Scope, ...]:
    unknown = [value for value in values if value not in set(Scope)]
    if unknown:
        raise ValueError(f"“{unknown[0]}” is not a scope. Choose from read, write and admin.")
    if not values:
        raise ValueError("Choose at least one scope: read, write or admin.")
    return tuple(scope for scope in Scope if scope in values)


def _instances(values: Collection[UUID] | None) -> frozenset[UUID] | None:
    if values is not None and not values:
        raise ValueError("Choose at least one instance, or all of them.")
    return None if values is None else frozenset(values)


def _key_patterns(values: Collection[str]) -> tuple[str, ...]:
    patterns = tuple(dict.fromkeys(values))
    if len(patterns) > MAX_PATTERNS:
        raise ValueError(f"A key has {MAX_PATTERNS} key patterns at most.")
    return tuple(_key_pattern(pattern) for pattern in patterns)


def _key_pattern(value: str) -> str:
    try:
        return acl.key_pattern(value)
    except ValueError as error:
        raise ValueError(f"The key pattern “{value[:40]}” can't be used. {error}") from None


def _expires_at(value: datetime | None) -> datetime | None:
    if value is not None and timezone.is_naive(value):
        raise ValueError("Say in which time zone the key expires, such as 2030-01-31T12:00:00Z.")
    if value is not None and value <= timezone.now():
        raise ValueError("This moment has passed. Choose one in the future, or no expiry.")
    return value


def _rate_limit(most: int, value: int) -> int:
    if not 1 <= value <= MOST_RATE_LIMIT:
        raise ValueError(f"Choose between 1 and {MOST_RATE_LIMIT:,} commands a second.")
    if value > most:
        raise ValueError(
            f"Your organization's plan allows {most:,} commands a second for a key. "
            "Choose no more, or ask your operator to raise that."
        )
    return value


def _networks(values: Collection[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(network_names.network(value) for value in values))
    if len(found) > MAX_NETWORKS:
        raise ValueError(f"A key has {MAX_NETWORKS} networks at most.")
    return found
