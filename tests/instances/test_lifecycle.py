"""What people see of a server's life, on the bundled server."""

import os
import signal

from audit.actors import SYSTEM
from instances import services
from instances.models import Instance
from instances.presets import Purpose
from instances.states import Status
from orgs.models import Organization
from tests.instances.harness import ControlPlane, answers, client, fresh, is_gone, paths_of, pid_of


def make(name: str = "cache", purpose: str = Purpose.STORE) -> Instance:
    organization, _ = Organization.objects.get_or_create(name="Acme", slug="acme")
    return services.create(SYSTEM, organization, name=name, memory_mb=32, purpose=purpose)


def test_created_instance_answers_ping(control_plane: ControlPlane) -> None:
    instance = make()
    control_plane.loop().until(lambda: answers(instance), "PONG")


def test_killed_server_is_back_with_its_data(control_plane: ControlPlane) -> None:
    instance, loop = make(), control_plane.loop()
    loop.until_status(instance, Status.RUNNING)
    with client(instance) as redis:
        redis.set("greeting", "hello")
    before = pid_of(instance)
    assert before is not None
    os.kill(before, signal.SIGKILL)
    loop.until(lambda: fresh(instance).status == Status.CREATING, "a restart that is seen")
    loop.until_status(instance, Status.RUNNING, seconds=2)
    assert pid_of(instance) not in {before, None}
    with client(instance) as redis:
        assert redis.get("greeting") == "hello"


def test_stopped_instance_keeps_its_data_and_starts_again(control_plane: ControlPlane) -> None:
    instance, loop = make(), control_plane.loop()
    loop.until_status(instance, Status.RUNNING)
    with client(instance) as redis:
        redis.set("greeting", "hello")
    services.stop(SYSTEM, instance)
    loop.until_status(instance, Status.STOPPED)
    assert pid_of(instance) is None
    services.start(SYSTEM, instance)
    loop.until_status(instance, Status.RUNNING)
    with client(instance) as redis:
        assert redis.get("greeting") == "hello"


def test_restart_changes_the_process_and_keeps_the_data(control_plane: ControlPlane) -> None:
    instance, loop = make(), control_plane.loop()
    loop.until_status(instance, Status.RUNNING)
    before = pid_of(instance)
    with client(instance) as redis:
        redis.set("greeting", "hello")
    services.restart(SYSTEM, instance)
    loop.until(lambda: pid_of(instance) not in {before, None}, "another process")
    loop.until_status(instance, Status.RUNNING)
    with client(instance) as redis:
        assert redis.get("greeting") == "hello"


def test_deleted_instance_leaves_neither_process_nor_data(control_plane: ControlPlane) -> None:
    instance, loop = make(), control_plane.loop()
    loop.until_status(instance, Status.RUNNING)
    root = paths_of(instance).root
    services.delete(SYSTEM, instance)
    loop.until(lambda: is_gone(instance), "the row is gone")
    assert control_plane.server_pids() == []
    assert not root.exists()
