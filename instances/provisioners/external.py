"""Servers that somebody else runs. We connect, log in and look; they start, stop and keep them.

Start means that we hold the server: it was reached and knows us. Stop means that we let it go:
no command goes there and our users are gone. Destroy forgets what we made there, and never
touches data. What the server remembers is no proof of any of that, so the state says it.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from instances.provisioners import external_users
from instances.provisioners.admin_connection import ServerError, Unreachable, words
from instances.provisioners.base import Observation, Presence, Provisioner, ProvisionError
from instances.provisioners.remote_connection import RemoteConnection
from instances.remote import Remote
from instances.spec import DriverState, Endpoint, InstanceSpec

START_SECONDS = 5.0
OBSERVE_SECONDS = 0.9
APPLY_SECONDS = 5.0
NO_USERS = "missing"

_HELD = "is_held"

log = logging.getLogger(__name__)


class ExternalProvisioner(Provisioner):
    """Hold servers by their address, and change nothing there but users of our own."""

    name: ClassVar[str] = "external"
    rest_seconds: ClassVar[float] = 5.0
    """How long a server that is as wished is left alone between looks."""

    def start(self, spec: InstanceSpec, state: DriverState) -> DriverState:
        remote = _remote(spec)
        with _held(remote, START_SECONDS) as connection:
            connection.call("PING")
            if remote.manages_users:
                external_users.replace(connection, spec.id, spec.acl_users)
        return {_HELD: True}

    def stop(self, spec: InstanceSpec, state: DriverState) -> DriverState:
        remote = _remote(spec)
        if remote.manages_users and state.get(_HELD):
            with _held(remote, APPLY_SECONDS) as connection:
                external_users.withdraw(connection, spec.id, forget=False)
        return {}

    def observe(self, spec: InstanceSpec, state: DriverState) -> Observation:
        if not state.get(_HELD):
            return Observation.absent()
        return self.look(spec)

    def look(self, spec: InstanceSpec) -> Observation:
        """Look at the server whether it is held or not."""
        return _seen(spec, _remote(spec))

    def apply_acl(self, spec: InstanceSpec, state: DriverState) -> None:
        remote = _remote(spec)
        if remote.manages_users and state.get(_HELD):
            with _held(remote, APPLY_SECONDS) as connection:
                external_users.replace(connection, spec.id, spec.acl_users)

    def apply_settings(self, spec: InstanceSpec, state: DriverState) -> str:
        # Memory, eviction and persistence are its owner's; the contract asks for no more.
        return ""

    def memory_used(self, spec: InstanceSpec, state: DriverState) -> int | None:
        if not state.get(_HELD):
            return None
        with _held(_remote(spec), OBSERVE_SECONDS) as connection:
            return int(connection.info("memory")["used_memory"])

    def destroy(self, spec: InstanceSpec, state: DriverState) -> None:
        remote = _remote(spec)
        if not remote.manages_users:
            return
        try:
            with _held(remote, APPLY_SECONDS) as connection:
                external_users.withdraw(connection, spec.id, forget=True)
        except ProvisionError as error:
            # A server that is gone for good mustn't keep its instance from going.
            log.warning("%s is let go with users left on its server: %s", spec.id, error.message)

    def endpoint(self, spec: InstanceSpec) -> Endpoint:
        remote = _remote(spec)
        return Endpoint(None, remote.host, remote.port, remote)

    def log_tail(self, spec: InstanceSpec) -> str:
        return ""


def _remote(spec: InstanceSpec) -> Remote:
    if spec.remote is None:
        raise ProvisionError("Nobody has said where this server is. Adopt it again.")
    return spec.remote


@contextmanager
def _held(remote: Remote, timeout_seconds: float) -> Iterator[RemoteConnection]:
    """Log in, and turn what can go wrong into ProvisionError."""
    try:
        with RemoteConnection(remote, timeout_seconds=timeout_seconds) as connection:
            connection.log_in()
            yield connection
    except ServerError as error:
        raise ProvisionError(in_words(str(error))) from error
    except Unreachable as error:
        raise ProvisionError(str(error)) from error
    except ValueError as error:
        raise ProvisionError(f"The server's address or users can't be used: {error}") from error


def _seen(spec: InstanceSpec, remote: Remote) -> Observation:
    asked_at = time.monotonic()
    try:
        with RemoteConnection(remote, timeout_seconds=OBSERVE_SECONDS) as connection:
            connection.log_in()
            pong, users = connection.pipeline(
                ("PING",), ("ACL", "USERS") if remote.manages_users else ("PING",)
            )
            seconds = time.monotonic() - asked_at
    except Unreachable as error:
        return Observation(presence=Presence.SILENT, detail=str(error))
    except ServerError as error:
        return _refused(str(error))
    if isinstance(pong, ServerError):
        return _refused(str(pong))
    digest = ""
    if remote.manages_users and isinstance(users, list):
        digest = external_users.digest(words(users), spec.id) or NO_USERS
    return Observation(presence=Presence.RUNNING, acl_digest=digest, ping_seconds=seconds)


def _refused(said: str) -> Observation:
    """Tell a server that is busy with itself from one that doesn't let us in."""
    if said.startswith("LOADING"):
        return Observation(presence=Presence.STARTING, detail=said)
    if said.startswith(("MISCONF", "BUSY", "MASTERDOWN")):
        return Observation(presence=Presence.RUNNING, detail=said)
    return Observation(presence=Presence.SILENT, detail=in_words(said))


def in_words(said: str) -> str:
    """Put what a server answers to a log-in into words."""
    if said.startswith(("WRONGPASS", "NOAUTH", "ERR invalid password")) or "AUTH" in said[:40]:
        return (
            "The server doesn't accept the user or the password. Correct them on the instance's "
            f"page. It said: {said}"
        )
    if said.startswith("NOPERM"):
        return f"The user may not do what is needed here. The server said: {said}"
    if "DB index" in said:
        return f"The server has no such database. It said: {said}"
    return f"The server refused: {said}"
