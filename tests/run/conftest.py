from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import platform


@pytest.fixture
def data_dir() -> Iterator[Path]:
    with platform.directory() as path:
        yield path
