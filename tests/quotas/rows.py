"""Rows as the ORM inserts them, without the services that normally do."""

import itertools
from typing import Any

from apikeys.models import ApiKey
from orgs.models import Organization
from quotas.models import InstanceQuota

_numbers = itertools.count(1)


def add_key(organization: Organization, **fields: Any) -> ApiKey:
    n = next(_numbers)
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
    # These columns alone, because a test may stand before a migration that brings others.
    row = InstanceQuota.objects.filter(organization=organization)
    return row.values_list("instances_used", "memory_mb_used", "api_keys_used").get()


def limit(organization: Organization, **limits: int) -> None:
    InstanceQuota.objects.filter(organization=organization).update(**limits)
