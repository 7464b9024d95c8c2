"""A platform for each test that asks for one."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.instances.harness import Platform


@pytest.fixture
def platform(settings: Settings, transactional_db: None) -> Iterator[Platform]:
    # Short, because the path of a unix socket has little room.
    data_dir = Path(tempfile.mkdtemp(prefix="rg-", dir="/tmp"))
    shutil.copy(settings.DATA_DIR / "keyring.json", data_dir)
    (data_dir / "run").mkdir(mode=0o700)
    settings.DATA_DIR, settings.RUN_DIR = data_dir, data_dir / "run"
    platform = Platform(data_dir)
    yield platform
    platform.close()
    shutil.rmtree(data_dir)
