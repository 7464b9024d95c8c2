"""Rows that this room's tests start from."""

import itertools

from accounts.models import User
from apikeys import services
from apikeys.models import ApiKey
from instances.models import Instance
from instances.presets import PRESETS, Purpose
from orgs.models import Organization
from tests.conftest import actor

_ports = itertools.count(20000)


def make_instance(organization: Organization, slug: str = "cache") -> Instance:
    """Insert an instance that nobody starts."""
    preset = PRESETS[Purpose.CACHE]
    return Instance.objects.create(
        organization=organization,
        name=slug.title(),
        slug=slug,
        memory_mb=16,
        purpose=Purpose.CACHE,
        eviction_policy=preset.eviction_policy,
        persistence=preset.persistence,
        port=next(_ports),
    )


def make_key(owner: User, organization: Organization, **wish: object) -> tuple[ApiKey, str]:
    """Make a key as a program would."""
    terms = {"name": "Web shop", "scopes": ["write"], **wish}
    return services.create(actor(owner), organization, **terms)  # type: ignore[arg-type]
