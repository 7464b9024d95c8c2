"""Many instances on one machine: how soon each is there, and what they cost while nobody asks.

Import it once Django is set up, in an environment that names a running platform.
"""

import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from apikeys import services as keys
from audit.actors import SYSTEM
from bench import processes
from instances import services
from instances.models import Instance
from instances.states import Status
from orgs.models import Organization
from quotas import services as quotas
from redisgate.supervisor.readiness import answers_ping
from tests.waiting import wait_until

NAME = "fleet"
MEMORY_MB = 16
DISBAND_SECONDS = 180
IDLE_SECONDS = 10.0
POLL_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Fleet:
    creation_p50_ms: float
    creation_p95_ms: float
    server_mb: float
    """Resident memory of one server that holds nothing."""
    controller_busy: float
    """Share of a core that the control loop uses, with its sampler."""
    servers_busy: float
    """Share of a core that all idle servers use together."""


def measure(count: int, controller_pid: int) -> Fleet:
    """Make instances one after another, then watch them do nothing."""
    organization = Organization.objects.get()
    quotas.set_limits(
        SYSTEM, organization, instances=count + 10, memory_mb=(count + 10) * MEMORY_MB * 4
    )
    _, token = keys.create(SYSTEM, organization, name="fleet", scopes=["read"])
    times = sorted(_create(organization, token, number) for number in range(count))
    pids = [int(row.driver_state["pid"] or 0) for row in _running(organization)]
    controller_busy, servers_busy = _busy([controller_pid], pids)
    server_mb = statistics.mean(map(processes.resident_mb, pids))
    _disband(organization)
    return Fleet(
        creation_p50_ms=statistics.median(times) * 1000,
        creation_p95_ms=times[int(count * 0.95) - 1] * 1000,
        server_mb=server_mb,
        controller_busy=controller_busy,
        servers_busy=servers_busy,
    )


def controller_of(platform_pid: int) -> int:
    """Find the control loop among the platform's own processes."""
    children = Path(f"/proc/{platform_pid}/task/{platform_pid}/children").read_text().split()
    [pid] = [int(it) for it in children if b"\0controller\0" in _command_line(it)]
    return pid


def _command_line(pid: str) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def _create(organization: Organization, token: str, number: int) -> float:
    begin = time.perf_counter()
    instance = services.create(
        SYSTEM, organization, name=f"{NAME} {number}", memory_mb=MEMORY_MB, purpose="store"
    )
    while not answers_ping(instance.pk, token):
        time.sleep(POLL_SECONDS)
    return time.perf_counter() - begin


def _disband(organization: Organization) -> None:
    """Take them away again: even idle they would cost whoever is measured next its load."""
    fleet = Instance.objects.filter(organization=organization, name__startswith=NAME)
    for instance in fleet.all():
        services.delete(SYSTEM, instance)
    wait_until(lambda: not fleet.exists(), "the fleet is gone", seconds=DISBAND_SECONDS)


def _running(organization: Organization) -> list[Instance]:
    return list(Instance.objects.filter(organization=organization, status=Status.RUNNING))


def _busy(*groups: list[int]) -> list[float]:
    """Give the share of a core that each group of processes uses while nothing is asked."""
    before = [sum(map(processes.cpu_seconds, pids)) for pids in groups]
    began = time.perf_counter()
    time.sleep(IDLE_SECONDS)
    seconds = time.perf_counter() - began
    after = [sum(map(processes.cpu_seconds, pids)) for pids in groups]
    return [(late - early) / seconds for early, late in zip(before, after, strict=True)]
