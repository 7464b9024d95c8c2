"""A control plane for each test that asks for one."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.instances.harness import ControlPlane


@pytest.fixture
def control_plane(settings: Settings, transactional_db: None) -> Iterator[ControlPlane]:
    # Short, because the path of a unix socket has little room.
    data_dir = Path(tempfile.mkdtemp(prefix="rg-", dir="/tmp"))
    shutil.copy(settings.DATA_DIR / "keyring.json", data_dir)
    (data_dir / "run").mkdir(mode=0o700)
    settings.DATA_DIR, settings.RUN_DIR = data_dir, data_dir / "run"
    control_plane = ControlPlane(data_dir)
    yield control_plane
    control_plane.close()
    shutil.rmtree(data_dir)


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a page of the list have two instances."""
    monkeypatch.setattr("instances.listing.PAGE_SIZE", 2)
