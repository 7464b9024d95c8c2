"""A control plane for each test that asks for one."""

from tests.instances.conftest import control_plane

__all__ = ["control_plane"]
