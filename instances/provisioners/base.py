"""The contract between the control loop and whatever runs a Redis server.

Any method may be called again with the same spec, from another process, after a crash of
ours at any point. The second call finds the work done and gives the same answer. Methods may
block (the loop calls them on threads) but never longer than the deadline they document.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from instances.spec import DriverState, Endpoint, InstanceSpec


class Presence(StrEnum):
    """What there is to see of a server."""

    ABSENT = "absent"
    STARTING = "starting"
    """The server exists but is still loading its data."""
    RUNNING = "running"
    """The server answers PING, or answers that it is degraded (MISCONF, BUSY)."""
    SILENT = "silent"
    """The server exists but doesn't answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What exists now, without an opinion about what should."""

    presence: Presence
    detail: str = ""
    """The server's own words when it is degraded, starting or silent; shown to people."""
    acl_digest: str = ""
    """``instances.acl.digest`` of the users the server knows, empty when we can't tell."""
    ping_seconds: float | None = None
    is_cut_off: bool = False
    """Nobody can reach the silent server any more; a start ends it with its data saved first."""

    @classmethod
    def absent(cls, detail: str = "") -> "Observation":
        return cls(presence=Presence.ABSENT, detail=detail)

    @property
    def is_degraded(self) -> bool:
        return self.presence is Presence.RUNNING and bool(self.detail)


class ProvisionError(Exception):
    """The driver could not do what it was asked, or could not look.

    ``message`` is a sentence for people; ``log_tail`` holds the server's last log lines.
    """

    def __init__(self, message: str, *, log_tail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.log_tail = log_tail


class PortTaken(ProvisionError):
    """Somebody else listens on the instance's port: give it another and try again."""


class Provisioner(ABC):
    """One way to run a Redis server, or to hold one that somebody else runs.

    To whom the server doesn't belong, start means to hold it, stop to let it go and destroy to
    forget what we made there; its data stays, and whether we hold it is in the driver's state.
    """

    name: ClassVar[str]

    @property
    def may_share_connections(self) -> bool:
        """Tell whether several keys' commands may ride on one connection to such a server.

        Only where no script can slip bytes into the replies of others (CVE-2025-67733).
        """
        return False

    @abstractmethod
    def start(self, spec: InstanceSpec, state: DriverState) -> DriverState:
        """Bring the server up and return once it answers PING, 10 s at most.

        A server that runs already is adopted, not started twice. One that is cut off is asked
        to save and end before, and left alone when it doesn't. A server that is still
        loading its data after the deadline is not an error: return, and the loop will see
        ``STARTING``. Raises PortTaken or ProvisionError.
        """

    @abstractmethod
    def stop(self, spec: InstanceSpec, state: DriverState) -> DriverState:
        """Save what persistence promises and end the server; absent is success.

        SHUTDOWN first, SIGTERM after 10 s, SIGKILL 5 s later.
        """

    @abstractmethod
    def observe(self, spec: InstanceSpec, state: DriverState) -> Observation:
        """Report what exists now and change nothing, 1 s at most.

        Absent is an answer: return ``Observation.absent()``. Raise ProvisionError only
        when we could not look, because the loop then keeps its last opinion.
        """

    def watch(self, spec: InstanceSpec, state: DriverState) -> int | None:
        """Open a descriptor that becomes readable when the running server ends.

        The caller closes it. None where there is no server, or nothing of the kind: then the
        loop looks more often.
        """
        return None

    @abstractmethod
    def apply_acl(self, spec: InstanceSpec, state: DriverState) -> None:
        """Make the running server know exactly ``spec.acl_users``, and keep it over restarts.

        Users that are gone or lose anything lose their open connections; the others keep theirs.
        """

    @abstractmethod
    def apply_settings(self, spec: InstanceSpec, state: DriverState) -> str:
        """Bring memory limit, eviction policy and persistence of the running server to the spec.

        Work that takes the server longer is begun and goes on by itself: then words for people
        come back that say how far it is, and the loop asks again. Empty when all is as wished,
        and for a server that isn't there: its next start makes it so. 5 s at most.
        """

    @abstractmethod
    def memory_used(self, spec: InstanceSpec, state: DriverState) -> int | None:
        """Say how many bytes the server counts against its limit, None when it isn't running.

        Raises ProvisionError when a server that runs doesn't say. 1 s at most.
        """

    @abstractmethod
    def destroy(self, spec: InstanceSpec, state: DriverState) -> None:
        """End the server without saving and remove its data; absent is success."""

    @abstractmethod
    def endpoint(self, spec: InstanceSpec) -> Endpoint:
        """Say where the server listens or would listen. Pure: no look at the world."""

    @abstractmethod
    def log_tail(self, spec: InstanceSpec) -> str:
        """Return the server's last log lines with host paths blanked, empty where none are."""
