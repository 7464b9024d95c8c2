"""A machine without room: its servers are degraded and say so, go on, and heal by themselves.

Each need is made by a means that takes no privilege and is undone without the server: a bound on
the size of files for a full disk, on address space for memory, permissions for a read-only disk.
"""

import resource
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.utils import timezone
from pytest_django import Settings

from instances.models import Instance
from instances.provisioners import server_binary
from instances.states import Health, Status
from tests.instances.harness import ControlPlane, Loop, answers, client, fresh, paths_of, pid_of
from tests.instances.test_lifecycle import make
from tests.waiting import wait_until

FILE_BYTES = 256 * 1024
VALUE = "x" * 4096
PROGRAM = """#!/bin/sh
trap '' XFSZ  # a file that is too large shall be an error, as a full disk is
[ "$1" = --version ] || [ ! -e "$0.tight" ] || ulimit -v 16384
# Permissions don't bind root, unless it lays this power down.
[ "$(id -u)" = 0 ] && exec setpriv --bounding-set=-dac_override,-dac_read_search {server} "$@"
exec {server} "$@"
"""


@pytest.fixture
def program(control_plane: ControlPlane, settings: Settings) -> Path:
    """The bundled server, with bounds that a test can set."""
    path = control_plane.data_dir / "valkey-server"
    path.write_text(PROGRAM.format(server=server_binary.resolve(None)))
    path.chmod(0o755)
    settings.INSTANCE_BINARY = str(path)
    return path


@pytest.mark.usefixtures("program")
def test_full_disk_degrades_and_heals_without_a_restart(control_plane: ControlPlane) -> None:
    instance, loop = make(), control_plane.loop()
    loop.until_status(instance, Status.RUNNING)
    pid = pid_of(instance)
    bound_files(pid, FILE_BYTES)
    with client(instance) as connection:
        refusal = first_refusal(lambda number: connection.set(f"key {number}", VALUE))
        assert refusal.startswith("MISCONF")
        assert_degraded(loop, instance, "The machine's disk is full. It goes on by itself", refusal)
        assert connection.get("key 0") == VALUE
        assert pid_of(instance) == pid

        bound_files(pid, resource.RLIM_INFINITY)
        assert_healed(loop, instance, pid)
        assert connection.set("key after", VALUE)


@pytest.mark.usefixtures("program")
def test_read_only_disk_degrades_and_heals_without_a_restart(control_plane: ControlPlane) -> None:
    instance, loop = make(), control_plane.loop()
    Instance.objects.filter(pk=instance.pk).update(persistence="snapshot")
    loop.until_status(instance, Status.RUNNING)
    pid, data = pid_of(instance), paths_of(instance).data
    data.chmod(0o500)
    with client(instance, user="rg-admin", password=instance.admin_password) as connection:
        connection.set("greeting", "hello")
        save(connection, "err")
        assert_degraded(loop, instance, "The server can't save its data", "MISCONF")
        assert connection.get("greeting") == "hello"

        data.chmod(0o700)
        # The server tries again by itself once a save is due; this makes it due.
        save(connection, "ok")
    assert_healed(loop, instance, pid)


def test_too_little_memory_is_given_up_with_advice_and_tried_again(
    control_plane: ControlPlane, program: Path
) -> None:
    tight = Path(f"{program}.tight")
    tight.touch()
    instance, loop = make(), control_plane.loop()
    Instance.objects.filter(pk=instance.pk).update(crashes=4, crashes_since=timezone.now())
    loop.until_status(instance, Status.ERROR)
    row = fresh(instance)
    assert "The machine has too little memory for this server" in row.status_detail
    assert row.next_try_at is not None
    assert row.next_try_at > timezone.now() + timedelta(minutes=4)
    assert control_plane.server_pids() == []

    tight.unlink()
    Instance.objects.filter(pk=instance.pk).update(next_try_at=timezone.now())
    loop.until_status(instance, Status.RUNNING)
    assert answers(instance)


def bound_files(pid: int | None, size: int) -> None:
    assert pid is not None
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))


def first_refusal(write: Callable[[int], object]) -> str:
    try:
        for number in range(4 * FILE_BYTES // len(VALUE)):
            write(number)
    except redis.ResponseError as error:
        return str(error)
    raise AssertionError("everything was written")


def save(connection: "redis.Redis", outcome: str) -> None:
    connection.bgsave()
    wait_until(lambda: connection.info("persistence")["rdb_last_bgsave_status"] == outcome, outcome)


def assert_degraded(loop: Loop, instance: Instance, *said: str) -> None:
    loop.until(lambda: fresh(instance).health == Health.UNHEALTHY, "it is degraded")
    row = fresh(instance)
    assert row.status == Status.RUNNING
    for words in said:
        assert words in row.status_detail


def assert_healed(loop: Loop, instance: Instance, pid: int | None) -> None:
    loop.until(lambda: fresh(instance).health == Health.HEALTHY, "it is well again")
    row = fresh(instance)
    assert (row.status, row.status_detail, row.crashes) == (Status.RUNNING, "", 0)
    assert pid_of(instance) == pid
