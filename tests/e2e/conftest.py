"""A platform that runs as it would for a person, with one instance and key ready to use."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import platform as platforms
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
def platform() -> Iterator[Platform]:
    with platforms.directory() as data_dir, platforms.running(data_dir) as running:
        yield running


@pytest.fixture(scope="session")
def ready(platform: Platform) -> Ready:
    kit = platform.quickstart("--rate-limit", "100000")
    return Ready(**kit, data_dir=platform.data_dir)
