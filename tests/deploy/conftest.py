import json
from collections.abc import Iterator

import pytest

from tests.deploy.as_deployed import Deployment, deployed


@pytest.fixture(scope="package")
def platform() -> Iterator[Deployment]:
    """One platform for all tests here that need one."""
    with deployed() as deployment:
        yield deployment


@pytest.fixture(scope="package")
def kit(platform: Deployment) -> dict[str, str]:
    kit: dict[str, str] = json.loads(platform.run("quickstart", "--json", "--rate-limit", "100000"))
    return kit
