"""One instance and key of the running platform, ready to use."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
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


@pytest.fixture
def api(platform: Platform, ready: Ready) -> Iterator[httpx.Client]:
    """The management API of the organization, as the person of the kit."""
    wanted = {"email": ready.email, "password": ready.password}
    token = httpx.post(f"{platform.url}/auth/login", json=wanted).json()["access"]
    base = f"{platform.url}/api/organizations/{ready.organization_id}"
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=base, headers=headers, timeout=30) as client:
        yield client


def make(api: httpx.Client, ready: Ready, **wish: object) -> dict[str, str]:
    """Make an API key for the instance."""
    body = {"name": "e2e", "scopes": ["write"], "instances": [ready.instance_id], **wish}
    made = api.post("/api-keys", json=body)
    assert made.status_code == 201, made.text
    key: dict[str, str] = made.json()
    return key
