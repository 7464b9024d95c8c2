"""Rows as the ORM inserts them, without the services that normally do."""

import itertools
from typing import Any

from django.utils import timezone
from django.utils.text import slugify

from instances.models import EXTERNAL, Instance, TheirServer
from instances.presets import PRESETS, Purpose
from orgs.models import Organization

_ports = itertools.count(20000)


def add_instance(organization: Organization, name: str = "", **columns: Any) -> Instance:
    """Insert an instance that nobody starts, with a name of its own where none is given."""
    port = next(_ports)
    name = name or f"instance {port}"
    purpose = columns.get("purpose", Purpose.CACHE)
    wish = {
        "slug": slugify(name),
        "memory_mb": 1,
        "purpose": purpose,
        "eviction_policy": PRESETS[purpose].eviction_policy,
        "persistence": PRESETS[purpose].persistence,
        "port": port,
    }
    return Instance.objects.create(organization=organization, name=name, **{**wish, **columns})


def add_adopted(organization: Organization, name: str, **place: Any) -> Instance:
    """Insert an instance whose server somebody else runs at this host and port."""
    instance = add_instance(organization, name, provisioner=EXTERNAL)
    usual = {"host": "127.0.0.1", "port": 1, "user": "worker", "checked_at": timezone.now()}
    TheirServer.objects.create(instance=instance, **{**usual, **place})
    return instance
