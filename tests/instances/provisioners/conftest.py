from collections.abc import Iterator

import pytest

from tests.instances.provisioners.machine import Machine


@pytest.fixture
def machine() -> Iterator[Machine]:
    with Machine.open() as machine:
        yield machine
