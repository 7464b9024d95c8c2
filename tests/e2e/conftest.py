"""One instance and key of the running platform, ready to use."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.platform import Platform


@dataclass(frozen=True)
class Ready:
    """What ``manage.py quickstart --json`` prints, and where the platform keeps its data."""

    email: str
    password: str
    organization_id: str
    instance_id: str
    url: str
    token: str
    redis_url: str
    data_dir: Path


@pytest.fixture(scope="session")
def ready(platform: Platform) -> Ready:
    kit = platform.quickstart("--rate-limit", "100000")
    return Ready(**kit, data_dir=platform.data_dir)
