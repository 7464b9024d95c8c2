"""What an instance may be, and the words for what it may not."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone

from instances.models import Instance
from instances.presets import MEMORY_MB, Purpose
from instances.spec import EvictionPolicy, Persistence
from instances.states import Wish
from orgs.models import Organization
from quotas import services as quotas
from redisgate.lib.errors import Conflict, InvalidInput
from redisgate.lib.one_line import one_line

LONGEST_NAME = 80
LONGEST_SLUG = 60
RESERVED_SLUGS = frozenset({"adopt", "new", "example", "bulk"})
"""Words that stand where an instance's slug would, in instances/urls.py."""
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def name(text: str) -> str:
    """Return the name with single blanks, and none around it."""
    try:
        text = one_line(" ".join(text.split()))
    except ValueError as error:
        raise InvalidInput.in_field("name", str(error)) from None
    if not text or len(text) > LONGEST_NAME:
        raise InvalidInput.in_field(
            "name", f"Give the instance a name of 1 to {LONGEST_NAME} characters."
        )
    return text


def refuse_name_in_use(
    organization: Organization, text: str, *, besides: Instance | None = None
) -> None:
    """Raise Conflict for a name that the organization has already."""
    others = Instance.objects.filter(organization=organization).exclude(wish=Wish.DELETED)
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if others.filter(name__iexact=text).exists():
        raise Conflict(
            f"{organization.name} has an instance called {text} already. Choose another name."
        )


def slug(text: str) -> str:
    if len(text) > LONGEST_SLUG or not _SLUG.fullmatch(text):
        raise InvalidInput.in_field(
            "slug",
            f"A slug has 1 to {LONGEST_SLUG} small letters, digits and single hyphens, "
            "such as my-cache.",
        )
    if text in RESERVED_SLUGS:
        raise InvalidInput.in_field(
            "slug", f"The slug {text} is taken by a page of ours. Choose another."
        )
    return text


def memory_mb(megabytes: int, organization: Organization) -> int:
    if megabytes not in MEMORY_MB:
        bounds = f"from {MEMORY_MB[0]} MB to {MEMORY_MB[-1]:,} MB, not {megabytes:,} MB."
        limit = quotas.usage(organization).memory_mb.limit
        # Whoever asked for too much hears of the bound that counts for them.
        is_quota_first = megabytes > MEMORY_MB[-1] > limit
        quota = f"Your organization may have {limit:,} MB in all. " * is_quota_first
        raise InvalidInput.in_field("memory_mb", f"{quota}Memory must be {bounds}")
    return megabytes


def purpose(word: str) -> Purpose:
    if word not in Purpose.values:
        raise InvalidInput.in_field("purpose", f"The purpose must be cache or store, not {word!r}.")
    return Purpose(word)


def eviction_policy(word: str) -> EvictionPolicy:
    if word not in list(EvictionPolicy):
        raise _unknown("eviction_policy", "eviction policy", list(EvictionPolicy), word)
    return EvictionPolicy(word)


def persistence(word: str) -> Persistence:
    if word not in list(Persistence):
        raise _unknown("persistence", "persistence", list(Persistence), word)
    return Persistence(word)


def expires_at(moment: datetime | None) -> datetime | None:
    if moment is not None and moment <= timezone.now():
        raise InvalidInput.in_field(
            "expires_at", "The expiry must be in the future. Leave it out for none."
        )
    return moment


def _unknown(field: str, what: str, known: Sequence[str], word: str) -> InvalidInput:
    return InvalidInput.in_field(
        field, f"The {what} must be one of {', '.join(known)}, not {word!r}."
    )
