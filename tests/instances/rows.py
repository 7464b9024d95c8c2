"""Rows that tests of the pages start from: nobody runs these servers."""

from typing import Any

from instances.models import Instance
from instances.presets import Purpose
from instances.states import Health, Status
from orgs.models import Organization
from tests.rows import add_instance

RUNNING = {
    "memory_mb": 64,
    "purpose": Purpose.STORE,
    "status": Status.RUNNING,
    "health": Health.HEALTHY,
}


def make_instance(organization: Organization, name: str = "Sessions", **facts: Any) -> Instance:
    """Insert an instance as it is once its server runs."""
    return add_instance(organization, name, **{**RUNNING, **facts})
