"""A control plane for each test that asks for one, whose controllers have no duties."""

import pytest

from instances import duties
from tests.instances.conftest import control_plane

__all__ = ["control_plane"]


@pytest.fixture(autouse=True)
def _no_duties(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody but the test itself look at servers and write figures."""
    monkeypatch.setattr(duties, "_duties", {})
