"""What the loop itself costs with many instances, on a provisioner that costs nothing."""

import time
from collections.abc import Callable

from audit.actors import SYSTEM
from instances.models import Instance
from instances.spec import EvictionPolicy, Persistence
from instances.states import Health, Status
from orgs.models import Organization
from quotas import services as quotas
from tests.conftest import FIGURE
from tests.instances.harness import ControlPlane
from tests.instances.provisioners.doubles import MemoryProvisioner, Server
from tests.waiting import wait_until

INSTANCES = 500
ROUNDS = 2
TICK_CPU_SECONDS = 1.0

Record = Callable[[str, object], None]


def test_a_look_at_five_hundred_instances_takes_less_than_a_second_of_cpu(
    control_plane: ControlPlane, record_property: Record
) -> None:
    memory = running_already()
    loop = control_plane.loop(lambda _: memory)
    everybody_seen(loop.controller.turn, memory)
    began = time.process_time()
    for _ in range(ROUNDS):
        everybody_seen(loop.controller.turn, memory)
    took = (time.process_time() - began) / ROUNDS
    record_property(FIGURE, f"{INSTANCES} instances looked at: {took * 1000:.0f} ms of CPU a tick")
    assert took < TICK_CPU_SECONDS


def running_already() -> MemoryProvisioner:
    """Write rows and servers that are as wished, so that nothing but looking is left to do."""
    organization = Organization.objects.create(name="Acme", slug="acme")
    quotas.set_limits(SYSTEM, organization, instances=INSTANCES, memory_mb=INSTANCES)
    memory = MemoryProvisioner()
    rows = [row(organization, number) for number in range(INSTANCES)]
    Instance.objects.bulk_create(rows)
    memory.world.servers = {it.pk: Server(n, "", memory_bytes=2**20) for n, it in enumerate(rows)}
    return memory


def row(organization: Organization, number: int) -> Instance:
    return Instance(
        organization=organization,
        name=f"cache {number}",
        slug=f"cache-{number}",
        memory_mb=1,
        eviction_policy=EvictionPolicy.NOEVICTION,
        persistence=Persistence.NONE,
        port=20_000 + number,
        provisioner=MemoryProvisioner.name,
        status=Status.RUNNING,
        health=Health.HEALTHY,
        acl_done=1,
    )


def everybody_seen(turn: Callable[[], object], memory: MemoryProvisioner) -> None:
    """Turn the loop until it has looked at each once more and has settled all it saw."""
    goals = {key: server.looks + 1 for key, server in memory.world.servers.items()}
    wait_until(
        lambda: all(memory.world.servers[key].looks >= goal for key, goal in goals.items()),
        "a look at everybody",
        meanwhile=turn,
    )
