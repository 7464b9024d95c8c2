"""Chains of the audit log by the names that operators know."""

from uuid import UUID

from audit import chain, verifying
from orgs.models import Organization
from redisgate.lib.errors import NotFound

PLATFORM = "platform"
"""The word for the chain of what belongs to no organization."""


def named(word: str | None) -> list[UUID]:
    """Find chains by an organization's slug or id, or all of them. Raises NotFound."""
    if word is None:
        return verifying.chains()
    if word == PLATFORM:
        return [chain.PLATFORM]
    found = Organization.objects.filter(slug=word).values_list("pk", flat=True).first()
    wanted = found or _as_uuid(word)
    if wanted is None or wanted not in verifying.chains():
        raise NotFound(f"There is no audit log of {word}. Give a slug, an id, or {PLATFORM}.")
    return [wanted]


def names(chains: list[UUID]) -> dict[UUID, str]:
    """Name each chain; one whose organization was deleted goes by its id."""
    slugs = dict(Organization.objects.filter(pk__in=chains).values_list("pk", "slug"))
    ids = {each: str(each) for each in chains}
    return {**ids, **slugs, chain.PLATFORM: PLATFORM}


def _as_uuid(word: str) -> UUID | None:
    try:
        return UUID(word)
    except ValueError:
        return None
