"""What goes wrong with servers, and that nobody else notices."""

import os
import signal
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.db import DataError, OperationalError, connection
from pytest_django import Settings

from audit.actors import SYSTEM
from instances import services
from instances.advice import advice
from instances.models import Instance
from instances.provisioners.base import Observation, Presence, Provisioner
from instances.spec import DriverState, InstanceSpec
from instances.states import Health, Status
from tests.instances.harness import (
    ControlPlane,
    Loop,
    answers,
    client,
    fresh,
    is_gone,
    paths_of,
    pid_of,
)
from tests.instances.provisioners.doubles import (
    BrokenProvisioner,
    ForgetfulProvisioner,
    MemoryProvisioner,
    NeverReadyProvisioner,
    SlowProvisioner,
)
from tests.instances.test_lifecycle import make

BRIEF = """
[ "$1" = --version ] && echo "Valkey server v=9.1.0" && exit
echo alas
exit 3
"""
"""A server program that ends before it serves anybody."""


class StuckProvisioner(MemoryProvisioner):
    """Take for ever over every start and look, until the test lets go."""

    name: ClassVar[str] = "stuck"

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def start(self, spec: InstanceSpec, state: DriverState) -> DriverState:
        self.let_go.wait(30)
        return super().start(spec, state)


class UnspeakableProvisioner(MemoryProvisioner):
    """Say of every server what no row of PostgreSQL can hold."""

    name: ClassVar[str] = "unspeakable"

    def observe(self, spec: InstanceSpec, state: DriverState) -> Observation:
        return replace(super().observe(spec, state), detail="NUL\0")


def loop_with(control_plane: ControlPlane, *provisioners: Provisioner) -> Loop:
    return control_plane.loop({p.name: p for p in provisioners}.__getitem__)


def make_on(provisioner: Provisioner, name: str = "cache") -> Instance:
    instance = make(name)
    Instance.objects.filter(pk=instance.pk).update(provisioner=provisioner.name)
    return instance


def test_instances_that_hang_hold_up_nobody(control_plane: ControlPlane) -> None:
    stuck, good = StuckProvisioner(), MemoryProvisioner()
    hanging = [make_on(stuck, f"hanging {number}") for number in range(4)]
    well = make_on(good, "well")
    loop = loop_with(control_plane, stuck, good)
    loop.until_status(well, Status.RUNNING, seconds=4)
    assert {fresh(instance).status for instance in hanging} == {Status.CREATING}
    stuck.let_go.set()


def test_broken_driver_ends_in_an_error_with_words_and_heals(control_plane: ControlPlane) -> None:
    broken, good = BrokenProvisioner(calls={"start"}), MemoryProvisioner()
    instance, well = make_on(broken), make_on(good, "well")
    Instance.objects.filter(pk=instance.pk).update(crashes=4, crashes_since=instance.created_at)
    loop = loop_with(control_plane, broken, good)
    loop.until_status(instance, Status.ERROR)
    detail = fresh(instance).status_detail
    assert detail.startswith("The machine is on strike. 5 attempts within 10 minutes failed.")
    assert detail.endswith("# Out Of Memory allocating 42 bytes!")
    loop.until_status(well, Status.RUNNING)

    broken.failing.clear()
    services.start(SYSTEM, instance)
    loop.until_status(instance, Status.RUNNING, seconds=2)
    assert fresh(instance).status_detail == ""


def test_server_that_keeps_crashing_ends_in_an_error(control_plane: ControlPlane) -> None:
    forgetful = ForgetfulProvisioner(looks=1)
    instance = make_on(forgetful)
    Instance.objects.filter(pk=instance.pk).update(crashes=4, crashes_since=instance.created_at)
    loop_with(control_plane, forgetful).until_status(instance, Status.ERROR)
    assert "The server ended unexpectedly. 5 attempts" in fresh(instance).status_detail
    assert fresh(instance).health == Health.UNHEALTHY


def test_driver_that_can_not_look_changes_no_opinion(control_plane: ControlPlane) -> None:
    blind = BrokenProvisioner(calls=())
    instance, loop = make_on(blind), loop_with(control_plane, blind)
    loop.until_status(instance, Status.RUNNING)
    blind.failing.add("observe")
    looks = blind.world.count("observe")
    loop.until(lambda: blind.world.count("observe") > looks + 2, "more looks")
    assert (fresh(instance).status, fresh(instance).health) == (Status.RUNNING, Health.HEALTHY)


def test_instance_that_can_not_be_looked_at_can_be_deleted(control_plane: ControlPlane) -> None:
    blind = BrokenProvisioner(calls={"observe"})
    instance, loop = make_on(blind), loop_with(control_plane, blind)
    services.delete(SYSTEM, instance)
    loop.until(lambda: is_gone(instance), "the row is gone")


def test_loading_server_shows_its_progress_and_then_runs(control_plane: ControlPlane) -> None:
    slow = SlowProvisioner()
    instance, loop = make_on(slow), loop_with(control_plane, slow)
    loop.until(lambda: "LOADING" in fresh(instance).status_detail, "words about loading")
    assert fresh(instance).status == Status.CREATING
    loop.until_status(instance, Status.RUNNING)


def test_silent_server_is_unhealthy_and_not_killed(control_plane: ControlPlane) -> None:
    instance, loop = make(), control_plane.loop()
    loop.until_status(instance, Status.RUNNING)
    pid = pid_of(instance)
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        loop.until(lambda: fresh(instance).health == Health.UNHEALTHY, "unhealthy")
        assert pid_of(instance) == pid
    finally:
        os.kill(pid, signal.SIGCONT)
    loop.until(lambda: fresh(instance).health == Health.HEALTHY, "healthy again")
    assert fresh(instance).status == Status.RUNNING


def test_never_ready_server_can_be_deleted(control_plane: ControlPlane) -> None:
    never = NeverReadyProvisioner(presence=Presence.SILENT)
    instance, loop = make_on(never), loop_with(control_plane, never)
    loop.until_status(instance, Status.CREATING)
    services.delete(SYSTEM, instance)
    loop.until(lambda: is_gone(instance), "the row is gone")
    assert never.world.data == set()


def test_deletion_that_fails_is_tried_again(control_plane: ControlPlane) -> None:
    broken = BrokenProvisioner(calls=())
    instance, loop = make_on(broken), loop_with(control_plane, broken)
    loop.until_status(instance, Status.RUNNING)
    broken.failing.add("destroy")
    services.delete(SYSTEM, instance)
    loop.until(lambda: fresh(instance).status_detail == _strike(broken), "words")
    assert fresh(instance).status == Status.DELETING
    broken.failing.clear()
    loop.until(lambda: is_gone(instance), "the row is gone")


def test_taken_port_leads_to_another_one(control_plane: ControlPlane) -> None:
    instance, loop = make(), control_plane.loop()
    with _listening() as port:
        Instance.objects.filter(pk=instance.pk).update(port=port)
        loop.until_status(instance, Status.RUNNING)
    assert fresh(instance).port != port
    assert answers(instance)


def test_server_binary_that_exits_ends_in_an_error_with_its_last_words(
    control_plane: ControlPlane, settings: Settings
) -> None:
    settings.INSTANCE_BINARY = str(_program(control_plane.data_dir / "valkey-server", BRIEF))
    instance = make()
    Instance.objects.filter(pk=instance.pk).update(crashes=4, crashes_since=instance.created_at)
    control_plane.loop().until_status(instance, Status.ERROR)
    assert "alas" in fresh(instance).status_detail
    assert "restart it to try now" in fresh(instance).status_detail


def test_damaged_file_is_given_up_with_the_last_lines_and_advice(
    control_plane: ControlPlane,
) -> None:
    instance, loop = make(), control_plane.loop()
    loop.until_status(instance, Status.RUNNING)
    damage(instance)
    Instance.objects.filter(pk=instance.pk).update(crashes=3, crashes_since=instance.created_at)
    os.kill(pid_of(instance) or 0, signal.SIGKILL)
    loop.until_status(instance, Status.ERROR)
    lines = fresh(instance).status_detail.splitlines()
    assert "5 attempts within 10 minutes failed" in lines[0]
    assert lines[1].startswith("The file that holds the data is damaged")
    assert "Bad file format reading the append only file" in lines[2]
    assert len(lines) == 3


def damage(instance: Instance) -> None:
    """Overwrite the middle of what the server has written, as a bad disk does."""
    with client(instance) as connection:
        for number in range(100):
            connection.set(f"key {number}", "value")
    [file] = paths_of(instance).data.glob("appendonlydir/*.incr.aof")
    file.write_bytes(b"?".join(file.read_bytes().partition(b"key 50")[::2]))


def test_data_directory_goes_although_the_server_crashed_before(
    control_plane: ControlPlane,
) -> None:
    instance, loop = make(), control_plane.loop()
    loop.until_status(instance, Status.RUNNING)
    root, pid = paths_of(instance).root, pid_of(instance)
    assert pid is not None
    services.delete(SYSTEM, instance)
    os.kill(pid, signal.SIGKILL)
    loop.until(lambda: is_gone(instance), "the row is gone")
    assert not root.exists()
    assert control_plane.server_pids() == []


def test_database_that_is_away_touches_no_server(
    control_plane: ControlPlane, caplog: pytest.LogCaptureFixture
) -> None:
    instance, loop = make(), control_plane.loop()
    loop.until_status(instance, Status.RUNNING)
    pid = pid_of(instance)
    turns = iter([False, False, False, True])

    def away(*_: object) -> None:
        raise OperationalError("the server closed the connection unexpectedly")

    with connection.execute_wrapper(away), caplog.at_level("ERROR", "instances.controller"):
        loop.controller.run(lambda: next(turns))
    assert [record.levelname for record in caplog.records].count("ERROR") == 1
    assert pid_of(instance) == pid
    assert answers(instance)
    services.stop(SYSTEM, instance)
    loop.until_status(instance, Status.STOPPED)


def test_words_that_no_row_can_hold_stop_nobody_else(control_plane: ControlPlane) -> None:
    unspeakable, memory = UnspeakableProvisioner(), MemoryProvisioner()
    make_on(unspeakable, "odd")
    other = make_on(memory, "other")
    refused: list[str] = []

    def as_postgres(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if "NUL\0" in (params or ()):
            refused.append(sql)
            raise DataError("text fields cannot contain NUL (0x00) bytes")
        return execute(sql, params, many, context)

    loop = loop_with(control_plane, unspeakable, memory)
    with connection.execute_wrapper(as_postgres):
        loop.until(lambda: bool(refused), "a row was refused")
        loop.until_status(other, Status.RUNNING)


def _strike(broken: BrokenProvisioner) -> str:
    last_words = "# Out Of Memory allocating 42 bytes!"
    return f"The machine is on strike.\n{advice(last_words)}\n{last_words}"


@contextmanager
def _listening() -> Iterator[int]:
    with socket.socket() as foreign:
        foreign.bind(("127.0.0.1", 0))
        foreign.listen()
        yield foreign.getsockname()[1]


def _program(path: Path, text: str) -> Path:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path
