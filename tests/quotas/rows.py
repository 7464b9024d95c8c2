"""Rows as the ORM inserts them, without the services that normally do."""

import itertools
import os
from typing import Any

from apikeys.models import ApiKey
from instances.models import Instance
from orgs.models import Organization
from quotas.models import InstanceQuota

_numbers = itertools.count(1)


def number() -> int:
    """Give a number that no other thread or process gets: ports and names are unique."""
    return os.getpid() * 10_000 + next(_numbers)


def add_instance(organization: Organization, *, memory_mb: int = 1, **fields: Any) -> Instance:
    n = number()
    return Instance.objects.create(
        organization=organization,
        name=f"instance {n}",
        slug=f"instance-{n}",
        memory_mb=memory_mb,
        purpose="cache",
        eviction_policy="allkeys-lru",
        persistence="none",
        port=n,
        **fields,
    )


def add_key(organization: Organization, **fields: Any) -> ApiKey:
    n = number()
    return ApiKey.objects.create(
        organization=organization,
        name=f"key {n}",
        prefix=f"rg_{n}",
        hint="rg_",
        fingerprint=str(n),
        scopes=["read"],
        **fields,
    )


def used(organization: Organization) -> tuple[int, int, int]:
    """Return the counters: instances, memory, API keys."""
    quota = InstanceQuota.objects.get(organization=organization)
    return quota.instances_used, quota.memory_mb_used, quota.api_keys_used


def limit(organization: Organization, **limits: int) -> None:
    InstanceQuota.objects.filter(organization=organization).update(**limits)
