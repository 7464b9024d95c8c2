"""The control loop as a process: what its own end means for servers, and who leads next."""

import os
import signal

from audit.actors import SYSTEM
from instances import services
from instances.models import Instance, Lease
from instances.states import Status, Wish
from tests.instances.harness import ControlPlane, answers, client, fresh, pid_of
from tests.instances.test_lifecycle import make
from tests.waiting import wait_until


def test_killed_controller_leaves_servers_and_the_next_one_adopts_them(
    control_plane: ControlPlane,
) -> None:
    instances = [make("one"), make("two")]
    first = control_plane.controller()
    wait_until(lambda: all(fresh(i).status == Status.RUNNING for i in instances), "both running")
    pids = sorted(pid for i in instances if (pid := pid_of(i)))
    first.kill()
    assert control_plane.server_pids() == pids

    second = control_plane.controller()
    wait_until(lambda: "started" in second.log.read_text(), "the second one is up")
    wait_until(lambda: second.leads, "the dead holder's lease is taken at once", seconds=4)
    services.restart(SYSTEM, instances[0])
    wait_until(lambda: pid_of(instances[0]) not in {*pids, None}, "the next one really works")
    wait_until(lambda: fresh(instances[0]).status == Status.RUNNING, "running again")
    assert pid_of(instances[1]) in pids
    assert len(control_plane.server_pids()) == len(instances)


def test_controller_killed_while_starting_servers_leaves_none_beside_another(
    control_plane: ControlPlane,
) -> None:
    first = control_plane.controller()
    wait_until(lambda: first.leads, "the first one leads")
    instances = [make(f"instance {number}") for number in range(4)]
    wait_until(control_plane.server_pids, "the first server of four")
    first.kill()
    control_plane.controller()
    wait_until(lambda: all(fresh(i).status == Status.RUNNING for i in instances), "all running")
    assert sorted(pid for i in instances if (pid := pid_of(i))) == control_plane.server_pids()


def test_terminated_controller_leaves_servers_running(control_plane: ControlPlane) -> None:
    instance, controller = make(), control_plane.controller()
    wait_until(lambda: fresh(instance).status == Status.RUNNING, "running")
    assert controller.terminate() == 0
    assert fresh(instance).status == Status.RUNNING
    assert answers(instance)


def test_controller_told_to_stop_instances_saves_them_and_the_next_starts_them(
    control_plane: ControlPlane,
) -> None:
    instances = [make("one"), make("two")]
    first = control_plane.controller("--stop-instances-on-exit")
    wait_until(lambda: all(fresh(i).status == Status.RUNNING for i in instances), "both running")
    with client(instances[0]) as redis:
        redis.set("greeting", "hello")
    assert first.terminate() == 0
    assert control_plane.server_pids() == []
    assert {(fresh(i).status, fresh(i).wish) for i in instances} == {(Status.STOPPED, Wish.RUNNING)}

    control_plane.controller()
    wait_until(lambda: all(fresh(i).status == Status.RUNNING for i in instances), "both again")
    with client(instances[0]) as redis:
        assert redis.get("greeting") == "hello"


def test_frozen_controller_is_replaced_and_does_no_harm_when_it_wakes(
    control_plane: ControlPlane,
) -> None:
    instances = [make("one"), make("two")]
    first = control_plane.controller()
    wait_until(lambda: all(fresh(i).status == Status.RUNNING for i in instances), "both running")
    second = control_plane.controller()
    wait_until(lambda: "started" in second.log.read_text(), "the second one is up")
    assert first.leads
    os.kill(first.process.pid, signal.SIGSTOP)
    try:
        wait_until(lambda: second.leads, "the second one takes over", seconds=10)
        services.restart(SYSTEM, instances[0])
        instances.append(make("three"))
        wait_until(lambda: is_settled(*instances), "the second one works")
        pids = control_plane.server_pids()
    finally:
        os.kill(first.process.pid, signal.SIGCONT)
    wait_until(lambda: "has taken over" in first.log.read_text(), "the first one learns it")
    assert second.leads
    assert is_settled(*instances)
    assert [i.crashes for i in map(fresh, instances)] == [0, 0, 0]
    assert control_plane.server_pids() == pids == sorted(pid_of(i) or 0 for i in instances)

    fence = Lease.objects.get().fence
    second.terminate()
    wait_until(lambda: first.leads, "one that lets go is followed at once", seconds=4)
    assert Lease.objects.get().fence > fence


def is_settled(*instances: Instance) -> bool:
    """Say whether each runs in a process that the loop knows."""
    rows = [fresh(instance) for instance in instances]
    return all(
        row.status == Status.RUNNING
        and row.restart_done == row.restart_wish
        and row.driver_state.get("pid") == pid_of(row)
        for row in rows
    )
