"""Rows that tests of the pages start from: nobody runs these servers."""

import itertools
from typing import Any

from instances.models import Instance
from instances.presets import PRESETS, Purpose
from instances.states import Health, Status
from orgs.models import Organization

_ports = itertools.count(21000)


def make_instance(organization: Organization, name: str = "Sessions", **facts: Any) -> Instance:
    """Insert an instance as it is once its server runs."""
    purpose = facts.get("purpose", Purpose.STORE)
    running = {
        "slug": name.lower().replace(" ", "-"),
        "memory_mb": 64,
        "purpose": purpose,
        "eviction_policy": PRESETS[purpose].eviction_policy,
        "persistence": PRESETS[purpose].persistence,
        "port": next(_ports),
        "status": Status.RUNNING,
        "health": Health.HEALTHY,
    }
    return Instance.objects.create(organization=organization, name=name, **{**running, **facts})
