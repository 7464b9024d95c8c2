"""Instances that are no servers, for a look at the dashboard where none can run.

They come and go as they are wished, and that is all: nothing listens, nothing is stored. What
"runs" is remembered in a file, so that controllers come and go as they do with real ones.
"""

import json
from pathlib import Path
from typing import Any, ClassVar

from instances import acl
from instances.provisioners.base import Observation, Presence, Provisioner
from instances.provisioners.private_files import make_directory, write_atomically
from instances.provisioners.process import ProcessSettings
from instances.spec import DriverState, Endpoint, InstanceSpec

NOWHERE = "simulated.invalid"
"""A name that never leads anywhere (RFC 6761)."""
PING_SECONDS = 0.0001


class SimulatedProvisioner(Provisioner):
    """Say of each server what was wished of it."""

    name: ClassVar[str] = "simulated"

    def __init__(self, settings: ProcessSettings) -> None:
        self._directory = settings.data_dir.absolute() / "simulated"

    def start(self, spec: InstanceSpec, state: DriverState) -> DriverState:
        if self._users(spec) is None:
            self._write(spec, acl.digest(spec.acl_users))
        return {}

    def stop(self, spec: InstanceSpec, state: DriverState) -> DriverState:
        if self._users(spec) is not None:
            self._write(spec, None)
        return {}

    def observe(self, spec: InstanceSpec, state: DriverState) -> Observation:
        users = self._users(spec)
        if users is None:
            return Observation.absent()
        return Observation(presence=Presence.RUNNING, acl_digest=users, ping_seconds=PING_SECONDS)

    def apply_acl(self, spec: InstanceSpec, state: DriverState) -> None:
        if self._users(spec) is not None:
            self._write(spec, acl.digest(spec.acl_users))

    def apply_settings(self, spec: InstanceSpec, state: DriverState) -> str:
        return ""

    def memory_used(self, spec: InstanceSpec, state: DriverState) -> int | None:
        return None if self._users(spec) is None else 0

    def destroy(self, spec: InstanceSpec, state: DriverState) -> None:
        self._file(spec).unlink(missing_ok=True)

    def endpoint(self, spec: InstanceSpec) -> Endpoint:
        return Endpoint(None, NOWHERE, spec.port, is_simulated=True)

    def log_tail(self, spec: InstanceSpec) -> str:
        return ""

    def _users(self, spec: InstanceSpec) -> str | None:
        """Return the digest of the users that it "knows", None while it doesn't "run"."""
        try:
            kept: dict[str, Any] = json.loads(self._file(spec).read_text())
        except FileNotFoundError:
            return None
        users: str | None = kept["users"]
        return users

    def _write(self, spec: InstanceSpec, users: str | None) -> None:
        make_directory(self._directory)
        write_atomically(self._file(spec), json.dumps({"users": users}))

    def _file(self, spec: InstanceSpec) -> Path:
        return self._directory / f"{spec.id.hex}.json"
