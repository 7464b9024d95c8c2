"""The control loop as a process: what its own end means for servers, and who leads next."""

from audit.actors import SYSTEM
from instances import services
from instances.models import Lease
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


def test_second_controller_waits_until_the_first_lets_go(control_plane: ControlPlane) -> None:
    first = control_plane.controller()
    wait_until(lambda: first.leads, "the first one leads")
    second = control_plane.controller()
    wait_until(lambda: "started" in second.log.read_text(), "the second one is up")
    fence = Lease.objects.get().fence
    assert first.leads

    first.terminate()
    wait_until(lambda: second.leads, "the second one takes over", seconds=4)
    assert Lease.objects.get().fence > fence
