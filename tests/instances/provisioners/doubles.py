"""Provisioners in memory: one that behaves, and some that don't.

A ``World`` is what would exist on the machine. Two provisioners on one world are what the
control loop sees before and after its own restart.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from instances import acl
from instances.provisioners.base import (
    Observation,
    PortTaken,
    Presence,
    Provisioner,
    ProvisionError,
)
from instances.spec import DriverState, Endpoint, InstanceSpec


@dataclass
class Server:
    """A server that runs, as far as the control loop can tell."""

    number: int
    acl_digest: str
    memory_bytes: int
    looks: int = 0
    detail: str = ""


@dataclass
class World:
    """Servers and data directories, and every call that was made."""

    servers: dict[UUID, Server] = field(default_factory=dict)
    data: set[UUID] = field(default_factory=set)
    taken_ports: set[int] = field(default_factory=set)
    calls: list[tuple[str, UUID]] = field(default_factory=list)
    started: int = 0

    def crash(self, instance_id: UUID) -> None:
        """End the server as ``kill -9`` would."""
        del self.servers[instance_id]

    def count(self, call: str) -> int:
        return Counter(name for name, _ in self.calls)[call]


class MemoryProvisioner(Provisioner):
    """Do at once and exactly what the contract says."""

    name: ClassVar[str] = "memory"

    def __init__(self, world: World | None = None) -> None:
        self.world = world or World()

    def start(self, spec: InstanceSpec, state: DriverState) -> DriverState:
        self.world.calls.append(("start", spec.id))
        if spec.id not in self.world.servers:
            if spec.port in self.world.taken_ports:
                raise PortTaken(f"Another program already listens on port {spec.port}.")
            self.world.started += 1
            users = acl.digest(spec.acl_users)
            self.world.servers[spec.id] = Server(self.world.started, users, spec.memory_bytes)
            self.world.data.add(spec.id)
        return {"number": self.world.servers[spec.id].number}

    def stop(self, spec: InstanceSpec, state: DriverState) -> DriverState:
        self.world.calls.append(("stop", spec.id))
        self.world.servers.pop(spec.id, None)
        return {}

    def observe(self, spec: InstanceSpec, state: DriverState) -> Observation:
        self.world.calls.append(("observe", spec.id))
        server = self.world.servers.get(spec.id)
        if server is None:
            return Observation.absent()
        server.looks += 1
        return self.seen(server)

    def seen(self, server: Server) -> Observation:
        """Say what a look at the server shows; the ill-behaved ones differ here."""
        return Observation(
            presence=Presence.RUNNING,
            detail=server.detail,
            acl_digest=server.acl_digest,
            ping_seconds=0.0001,
        )

    def apply_acl(self, spec: InstanceSpec, state: DriverState) -> None:
        self.world.calls.append(("apply_acl", spec.id))
        if server := self.world.servers.get(spec.id):
            server.acl_digest = acl.digest(spec.acl_users)

    def apply_settings(self, spec: InstanceSpec, state: DriverState) -> str:
        self.world.calls.append(("apply_settings", spec.id))
        if server := self.world.servers.get(spec.id):
            server.memory_bytes = spec.memory_bytes
        return ""

    def memory_used(self, spec: InstanceSpec, state: DriverState) -> int | None:
        return 0 if spec.id in self.world.servers else None

    def destroy(self, spec: InstanceSpec, state: DriverState) -> None:
        self.world.calls.append(("destroy", spec.id))
        self.world.servers.pop(spec.id, None)
        self.world.data.discard(spec.id)

    def endpoint(self, spec: InstanceSpec) -> Endpoint:
        return Endpoint(None, "127.0.0.1", spec.port)

    def log_tail(self, spec: InstanceSpec) -> str:
        return ""


class SlowProvisioner(MemoryProvisioner):
    """Need a number of looks before the server has loaded its data."""

    name: ClassVar[str] = "slow"

    def __init__(self, world: World | None = None, *, looks: int = 3) -> None:
        super().__init__(world)
        self.looks = looks

    def seen(self, server: Server) -> Observation:
        if server.looks < self.looks:
            return Observation(presence=Presence.STARTING, detail="LOADING the dataset in memory")
        return super().seen(server)


class NeverReadyProvisioner(MemoryProvisioner):
    """Start servers that never answer: they stay STARTING, or SILENT when told so."""

    name: ClassVar[str] = "never-ready"

    def __init__(
        self, world: World | None = None, *, presence: Presence = Presence.STARTING
    ) -> None:
        super().__init__(world)
        self.presence = presence

    def seen(self, server: Server) -> Observation:
        return Observation(presence=self.presence, detail="LOADING the dataset in memory")


class ForgetfulProvisioner(MemoryProvisioner):
    """Lose everything: the driver's state is always empty, and the users are never known.

    With ``looks`` the server itself is gone after that many looks, like one that keeps crashing.
    """

    name: ClassVar[str] = "forgetful"

    def __init__(self, world: World | None = None, *, looks: int | None = None) -> None:
        super().__init__(world)
        self.looks = looks

    def start(self, spec: InstanceSpec, state: DriverState) -> DriverState:
        super().start(spec, state)
        return {}

    def observe(self, spec: InstanceSpec, state: DriverState) -> Observation:
        server = self.world.servers.get(spec.id)
        if server is not None and self.looks is not None and server.looks >= self.looks:
            self.world.crash(spec.id)
        return super().observe(spec, state)

    def seen(self, server: Server) -> Observation:
        return Observation(presence=Presence.RUNNING, ping_seconds=0.0001)


class BrokenProvisioner(MemoryProvisioner):
    """Fail at the named calls, or at all of them."""

    name: ClassVar[str] = "broken"
    CALLS: ClassVar[frozenset[str]] = frozenset(
        {"start", "stop", "observe", "apply_acl", "apply_settings", "destroy"}
    )

    def __init__(self, world: World | None = None, *, calls: Collection[str] = CALLS) -> None:
        super().__init__(world)
        self.failing = set(calls)

    def start(self, spec: InstanceSpec, state: DriverState) -> DriverState:
        self._fail("start", spec)
        return super().start(spec, state)

    def stop(self, spec: InstanceSpec, state: DriverState) -> DriverState:
        self._fail("stop", spec)
        return super().stop(spec, state)

    def observe(self, spec: InstanceSpec, state: DriverState) -> Observation:
        self._fail("observe", spec)
        return super().observe(spec, state)

    def apply_acl(self, spec: InstanceSpec, state: DriverState) -> None:
        self._fail("apply_acl", spec)
        super().apply_acl(spec, state)

    def apply_settings(self, spec: InstanceSpec, state: DriverState) -> str:
        self._fail("apply_settings", spec)
        return super().apply_settings(spec, state)

    def destroy(self, spec: InstanceSpec, state: DriverState) -> None:
        self._fail("destroy", spec)
        super().destroy(spec, state)

    def log_tail(self, spec: InstanceSpec) -> str:
        return "# Out Of Memory allocating 42 bytes!"

    def _fail(self, call: str, spec: InstanceSpec) -> None:
        if call in self.failing:
            self.world.calls.append((call, spec.id))
            raise ProvisionError("The machine is on strike.", log_tail=self.log_tail(spec))
