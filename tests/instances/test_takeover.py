"""Two control loops on one database: who leads works, and who comes back late does no harm."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from audit.actors import SYSTEM
from instances import lease, services
from instances.models import Instance, Lease
from instances.states import Status
from tests.instances.harness import ControlPlane, Loop, fresh
from tests.instances.provisioners.doubles import MemoryProvisioner
from tests.instances.test_trouble import make_on
from tests.waiting import wait_until

HERE, THERE = "host-a:1:1", "host-b:1:1"


@pytest.fixture(autouse=True)
def quick_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "LIFETIME", timedelta(seconds=1.2))
    monkeypatch.setattr(lease, "RENEW_EVERY_SECONDS", 0.1)


def test_a_loop_that_loses_the_database_is_replaced_and_waits_when_it_is_back(
    control_plane: ControlPlane, caplog: pytest.LogCaptureFixture
) -> None:
    memory = MemoryProvisioner()
    instance = make_on(memory)
    first, second = (control_plane.loop(lambda _: memory, holder) for holder in (HERE, THERE))
    first.until_status(instance, Status.RUNNING)
    lose_database(first)
    second.until(lambda: Lease.objects.get().holder == THERE, "the second one leads")
    services.restart(SYSTEM, instance)
    second.until(lambda: is_restarted(instance), "the second one works")

    def both_turn() -> None:
        first.controller.turn()
        second.controller.turn()

    wait_until(
        lambda: "has taken over" in caplog.text, "the first one learns it", meanwhile=both_turn
    )
    both_turn()
    assert Lease.objects.get().holder == THERE
    assert (fresh(instance).crashes, memory.world.count("start")) == (0, 2)


def lose_database(loop: Loop) -> None:
    """Turn the loop some times while no query of its own goes through."""
    turns = iter([False, True])

    def away(*_: object) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    with connection.execute_wrapper(away):
        loop.controller.run(lambda: next(turns))


def is_restarted(instance: Instance) -> bool:
    now = fresh(instance)
    return now.status == Status.RUNNING and now.restart_done == now.restart_wish
